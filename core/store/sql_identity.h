/* SPDX-License-Identifier: MIT
 * Which store this is, and which key it was made with. */
#ifndef KOPPEL_STORE_SQL_IDENTITY_H
#define KOPPEL_STORE_SQL_IDENTITY_H

#include "store/conn.h"
#include "store/store.h"

/* Of a store that is being made: a new id, and what tells its key. */
int sql_identity_make(struct conn *c, const struct secret *key, struct koppel_error *err);
/* Was it made with this key? path: for the message. */
int sql_identity_key(struct conn *c, const char *path, const struct secret *key,
                     struct koppel_error *err);
/* The store's id. */
int sql_identity_read(struct conn *c, char out[STORE_ID_BYTES], struct koppel_error *err);
/* May an engine take it? One that was moved, or that a move is filling, is refused. */
int sql_identity_stays(struct conn *c, const char *path, struct koppel_error *err);
/* A new one, of 16 random bytes. */
void sql_identity_new(char out[STORE_ID_BYTES]);

#endif
