/* SPDX-License-Identifier: MIT
 * JSON as text, the one writer of what goes to the store, to a peer, to a digest or to a reader of
 * --json: the same bytes as json_dumps, at a quarter of its cost.
 *
 * Whatever a string holds, the text is valid JSON in UTF-8: a byte that belongs to no character
 * becomes U+FFFD.
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

/* The same for people, as json_dumps with JSON_INDENT(2). */
char *json_text_lines(const json_t *value);

typedef void json_text_take(void *user, const char *text, size_t bytes);

/* The same text in pieces, without memory for the whole: for a digest or a stream. -1, perhaps
 * after some pieces, where json_text gives NULL. */
int json_text_feed(const json_t *value, bool sorted, json_text_take *take, void *user);

#endif
