/* SPDX-License-Identifier: MIT
 * Categories. */
#ifndef KOPPEL_BEHAVIOUR_CATEGORY_H
#define KOPPEL_BEHAVIOUR_CATEGORY_H

#include "behaviour/behaviour.h"

extern const struct behaviour behaviour_category;

#endif
