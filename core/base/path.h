/* SPDX-License-Identifier: MIT
 * Paths into a record: `a.b`, `lines[0].sku`, `lines[].sku` (every element), `_data[].x`.
 *
 * Parsed once when the configuration is loaded, walked for every record. */
#ifndef KOPPEL_BASE_PATH_H
#define KOPPEL_BASE_PATH_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

struct path;

/* NULL and err (KOPPEL_E_CONFIG, says where) on a syntax error. "" or "." is the record itself. */
struct path *path_parse(const char *text, struct koppel_error *err);
void path_free(struct path *p);
const char *path_text(const struct path *p); /* as it was written */
bool path_is_plural(const struct path *p);   /* has a [] step */
bool path_is_setting(const struct path *p);  /* begins with "settings." */

/* The value there, borrowed, or NULL. A [] step takes the first element. */
json_t *path_get(const struct path *p, const json_t *record);
/* Calls visit for every value that a plural path names; stops at the first non-zero and gives it.
 */
int path_each(const struct path *p, const json_t *record, int (*visit)(void *arg, json_t *value),
              void *arg);
/* Puts value there, making objects (and arrays, for [n] at or just behind the end) on the way;
 * a [] step sets it in every element that exists. -1: no memory, or something on the way is of
 * another type. value is stolen in every case. */
int path_set_take(const struct path *p, json_t *record, json_t *value);

#endif
