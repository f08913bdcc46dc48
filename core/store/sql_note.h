/* SPDX-License-Identifier: MIT
 * Small plain values that commands and engine share. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_NOTE_H
#define KOPPEL_STORE_SQL_NOTE_H

#include "store/sql.h"

int sql_note_get(struct store *s, const char *name, char **out, struct koppel_error *err);
int sql_note_put(struct store *s, const char *name, const char *value, struct koppel_error *err);
int sql_note_put_soon(struct store *s, const char *name, const char *value,
                         struct koppel_error *err);
int sql_note_claim(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err);
int sql_note_list(struct store *s, const char *prefix,
                     int (*visit)(void *arg, const char *name, const char *value), void *arg,
                     struct koppel_error *err);

#endif
