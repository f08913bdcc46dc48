/* SPDX-License-Identifier: MIT
 * A lock per name, over all threads and hosts, so that two jobs that need the same new customer
 * wait for one another, and a login is renewed once. Whoever holds one takes no other: a record's
 * references are resolved before its own lock is taken. Only the lock of a login may be taken
 * behind another one, as nothing else is taken behind it. */
#ifndef KOPPEL_STORE_KEYLOCK_H
#define KOPPEL_STORE_KEYLOCK_H

#include <stdbool.h>

#include "store/store.h"

struct keylock;

/* Waits for the name; NULL and err where the store cannot say, or where stopping (may be NULL) came
 * true meanwhile. for_ms: after that time another host may take it, as who held it must be gone. */
struct keylock *keylock_take(struct store *s, const char *name, int64_t for_ms,
                             bool (*stopping)(const void *arg), const void *arg,
                             struct koppel_error *err);
/* NULL is fine. */
void keylock_give(struct keylock *lock);

#endif
