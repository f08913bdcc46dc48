/* SPDX-License-Identifier: MIT
 * Which kind of store a place is of. */
#ifndef KOPPEL_STORE_STORE_KIND_H
#define KOPPEL_STORE_STORE_KIND_H

#include "store/store.h"

/* PostgreSQL where there is a connection, else a file. */
const struct store_ops *store_kind(const struct store_conf *where);

/* Takes the tables on to what this program knows (postgres_upgrade.h): *from, *to; the same where
 * there was nothing to do, or nothing could be done yet (*later). A file is taken on as an engine
 * opens it. */
int store_kind_upgrade(struct store *s, int *from, int *to, bool *later, struct koppel_error *err);

#endif
