/* SPDX-License-Identifier: MIT
 * JSON as text, for what is written once per record: the same bytes as json_dumps, at a third of
 * its cost.
 *
 * Jansson guards every object against loops by a table of printed addresses. Records come from a
 * parser or from a mapping and hold no loops; a depth that no record reaches stands in for the
 * guard here. */
#ifndef KOPPEL_BASE_JSON_TEXT_H
#define KOPPEL_BASE_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* As json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY), and JSON_SORT_KEYS where sorted. bytes (may
 * be NULL) receives the length. NULL: no memory, or nested deeper than 1,000. The caller frees it.
 */
char *json_text(const json_t *value, bool sorted, size_t *bytes);

#endif
