/* SPDX-License-Identifier: MIT
 * Sealed values of a store that are JSON: all that the program keeps of log-ins, tokens, users,
 * set-ups and messages under way. */
#ifndef KOPPEL_STORE_STORE_SEALED_H
#define KOPPEL_STORE_STORE_SEALED_H

#include <jansson.h>

#include "store/store.h"

/* *out: a new reference; NULL: there is none of that name; null: it cannot be read. rev: as of
 * sealed_get. -1: err. */
int store_sealed_get(struct store *s, const char *name, json_t **out, int64_t *rev,
                     struct koppel_error *err);
/* value: stolen, NULL stands for a lack of memory. rev, lost: as of sealed_put. -1: err. */
int store_sealed_put(struct store *s, const char *name, json_t *value_take, int64_t rev, int *lost,
                     struct koppel_error *err);
/* What stands behind the prefix in the names of all that begin with it, sorted: a new list. NULL:
 * err. */
json_t *store_sealed_names(struct store *s, const char *prefix, struct koppel_error *err);
/* A text member of such a value, cut to the room; "" where there is none. */
void store_sealed_text(const json_t *value, const char *name, char *out, size_t room);

#endif
