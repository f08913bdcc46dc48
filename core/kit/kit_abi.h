/* SPDX-License-Identifier: MIT
 * Group A: the file, and what it says of itself. */
#ifndef KOPPEL_KIT_KIT_ABI_H
#define KOPPEL_KIT_KIT_ABI_H

#include "kit/kit_check.h"

extern const struct kit_check kit_abi_checks[];

#endif
