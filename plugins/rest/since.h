/* SPDX-License-Identifier: MIT
 * What a list is read on by: when a record changed last, in the form that the system has. */
#ifndef PLUGINS_REST_SINCE_H
#define PLUGINS_REST_SINCE_H

#include "rest.h"

#define SINCE_BYTES 64

extern const char *const since_formats[]; /* NULL behind them */

/* The changes since of a call; NULL: it has none. */
const json_t *since_of(const json_t *call);
/* Of a row, in the system's own text. false: it has none that can be read. */
bool since_take(const json_t *since, const json_t *row, char out[SINCE_BYTES]);
/* As strcmp; both were taken. */
int since_compare(const json_t *since, const char *a, const char *b);
/* Earlier by `units`: milliseconds of times, markers of numbers. Texts stay as they are. */
void since_earlier(const json_t *since, const char *from, int64_t units, char out[SINCE_BYTES]);
/* The least that one is apart from the next, in the units of since_earlier. */
int64_t since_step(const json_t *since, const char *value);
/* The version of a record that was changed then; text tells two changes of one second apart. */
int64_t since_version(const json_t *since, const char *value, const json_t *row);

#endif
