/* SPDX-License-Identifier: MIT
 * Sales documents. */
#ifndef KOPPEL_BEHAVIOUR_ORDER_H
#define KOPPEL_BEHAVIOUR_ORDER_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_order;

#endif
