/* SPDX-License-Identifier: MIT
 * Group T: functions of transforms. */
#ifndef KOPPEL_KIT_KIT_VALUE_H
#define KOPPEL_KIT_KIT_VALUE_H

#include "kit/kit_check.h"

extern const struct kit_check kit_value_checks[];

/* Calls every function as its examples do. A result that differs is a failure. */
enum kit_child_outcome kit_value_examples(const struct kit_run *r, bool grown);

/* The same while the at-th piece of memory is refused in each call: *left is set to at before, and
 * to 0 behind it. Only what breaks the contract is a failure. */
enum kit_child_outcome kit_value_starved(const struct kit_run *r, long *left, long at);

#endif
