/* SPDX-License-Identifier: MIT
 * Categories travel with the products, and like them one way only. */
#include "behaviour/behaviour_category.h"

const struct behaviour behaviour_category = {.model = "category", .one_way = true};
