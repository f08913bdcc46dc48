/* SPDX-License-Identifier: MIT
 * Customers: a party with its first address, its ways of contact and its VAT number. */
#ifndef TRYTON_CUSTOMER_H
#define TRYTON_CUSTOMER_H

#include "entity.h"

extern const struct entity customer_entity;

#endif
