/* SPDX-License-Identifier: MIT
 * Products. */
#ifndef KOPPEL_BEHAVIOUR_PRODUCT_H
#define KOPPEL_BEHAVIOUR_PRODUCT_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_product;

#endif
