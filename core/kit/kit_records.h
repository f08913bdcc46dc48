/* SPDX-License-Identifier: MIT
 * Group P and R: probing and reading. */
#ifndef KOPPEL_KIT_KIT_RECORDS_H
#define KOPPEL_KIT_KIT_RECORDS_H

#include "kit/kit_check.h"

extern const struct kit_check kit_records_checks[];

#endif
