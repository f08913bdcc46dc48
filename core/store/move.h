/* SPDX-License-Identifier: MIT
 * Taking a store from one database to another: a file, PostgreSQL, and back. */
#ifndef KOPPEL_STORE_MOVE_H
#define KOPPEL_STORE_MOVE_H

#include "store/store.h"

struct move_sum {
    int64_t rows; /* that were taken over in this call */
};

/* No engine may work with either. The target is new, or what a move of the same store that was
 * broken off left there: then it goes on. Everything is compared before the source is marked, which
 * no engine takes from then on. Both have the same key. tell (may be NULL): how far it is; other
 * than 0 breaks it off. */
int move_store(const struct store_conf *from, const struct store_conf *to, struct move_sum *sum,
               int (*tell)(void *arg, const char *table, int64_t rows), void *arg,
               struct koppel_error *err);

#endif
