/* SPDX-License-Identifier: MIT
 * Group H: a peer that answers wrongly, or not at all. */
#ifndef KOPPEL_KIT_KIT_HOSTILE_H
#define KOPPEL_KIT_KIT_HOSTILE_H

#include "kit/kit_check.h"

extern const struct kit_check kit_hostile_checks[];

#endif
