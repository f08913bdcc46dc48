/* SPDX-License-Identifier: MIT
 * How large the store is, and making it smaller. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_SIZE_H
#define KOPPEL_STORE_SQLITE_SIZE_H

#include "store/sqlite.h"

int sqlite_size(struct store *s, struct keeping_size *out, struct koppel_error *err);
int64_t sqlite_size_room(struct store *s);
int64_t sqlite_size_busy_ms(struct store *s);
int sqlite_size_shrink(struct store *s, enum keeping_shrunk *out, struct koppel_error *err);

#endif
