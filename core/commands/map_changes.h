/* SPDX-License-Identifier: MIT
 * What a rule made of a record. */
#ifndef KOPPEL_COMMANDS_MAP_CHANGES_H
#define KOPPEL_COMMANDS_MAP_CHANGES_H

#include <jansson.h>

/* Prints which fields of the core record and of the destination are others in row `now` (as
 * flow/preview.h says) than in `was`, with what decided; of rules that gave nothing, why. */
void map_changes_print(const json_t *was, const json_t *now);

#endif
