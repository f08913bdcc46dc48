/* SPDX-License-Identifier: MIT
 * Group W: writing. */
#ifndef KOPPEL_KIT_KIT_WRITING_H
#define KOPPEL_KIT_KIT_WRITING_H

#include "kit/kit_check.h"

extern const struct kit_check kit_writing_checks[];

#endif
