/* SPDX-License-Identifier: MIT
 * Memory that is not to be had: the n-th piece that the plugin asks for. */
#ifndef KOPPEL_KIT_KIT_MEMORY_H
#define KOPPEL_KIT_KIT_MEMORY_H

#include "kit/kit_check.h"

extern const struct kit_check kit_memory_checks[];

#endif
