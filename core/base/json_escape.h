/* SPDX-License-Identifier: MIT
 * What in a JSON string does not stand for itself. */
#ifndef KOPPEL_BASE_JSON_ESCAPE_H
#define KOPPEL_BASE_JSON_ESCAPE_H

#include <stddef.h>

#define JSON_ESCAPE_BYTES 4 /* the most that one escape puts */

/* Both move *at, which is before end, behind what they looked at, and give NULL or, in a constant,
 * what is wrong there. */

/* The escape at *at, a backslash with at least one byte behind it: its character goes to
 * to + *used, and *used grows by it. */
const char *json_escape_take(const char **at, const char *end, char *to, size_t *used);
/* The bytes beyond ASCII at *at, as long as they are UTF-8, or one control character. */
const char *json_escape_none(const char **at, const char *end);

#endif
