/* SPDX-License-Identifier: MIT
 * Group X: what a plugin leaves alone. */
#ifndef KOPPEL_KIT_KIT_HYGIENE_H
#define KOPPEL_KIT_KIT_HYGIENE_H

#include "kit/kit_check.h"

extern const struct kit_check kit_hygiene_checks[];

#endif
