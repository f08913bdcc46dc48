/* SPDX-License-Identifier: MIT
 * Customers. */
#ifndef KOPPEL_BEHAVIOUR_CUSTOMER_H
#define KOPPEL_BEHAVIOUR_CUSTOMER_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_customer;

#endif
