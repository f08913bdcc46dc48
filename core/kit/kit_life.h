/* SPDX-License-Identifier: MIT
 * Group L: open() and close(). */
#ifndef KOPPEL_KIT_KIT_LIFE_H
#define KOPPEL_KIT_KIT_LIFE_H

#include "kit/kit_check.h"

extern const struct kit_check kit_life_checks[];

#endif
