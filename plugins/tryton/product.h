/* SPDX-License-Identifier: MIT
 * Products: a template with its one variant, by whose code it is known. */
#ifndef TRYTON_PRODUCT_H
#define TRYTON_PRODUCT_H

#include "entity.h"

extern const struct entity product_entity;

#endif
