/* SPDX-License-Identifier: MIT
 * Group F: finding and fetching. */
#ifndef KOPPEL_KIT_KIT_LOOKUP_H
#define KOPPEL_KIT_KIT_LOOKUP_H

#include "kit/kit_check.h"

extern const struct kit_check kit_lookup_checks[];

#endif
