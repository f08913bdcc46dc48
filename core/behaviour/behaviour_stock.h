/* SPDX-License-Identifier: MIT
 * Stock levels. */
#ifndef KOPPEL_BEHAVIOUR_STOCK_H
#define KOPPEL_BEHAVIOUR_STOCK_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_stock;

#endif
