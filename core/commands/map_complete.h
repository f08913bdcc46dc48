/* SPDX-License-Identifier: MIT
 * What may come next in a rule that is being typed. */
#ifndef KOPPEL_COMMANDS_MAP_COMPLETE_H
#define KOPPEL_COMMANDS_MAP_COMPLETE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The words that a line may go on with at `end`, each whole, as an array of texts: orders behind a
 * colon, members of a rule, and within quotes what the member before them takes: paths, functions,
 * tables, values. *start: where the word begins that they take the place of. fields: what
 * mapping_fields gives; get: the rule is one of get_map. NULL: no memory. */
json_t *map_complete(const json_t *fields, bool get, const char *line, size_t end, size_t *start);
/* The orders of the prompt, NULL behind the last. */
extern const char *const map_complete_orders[];

#endif
