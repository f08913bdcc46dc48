/* SPDX-License-Identifier: MIT
 * Retention. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_KEEP_H
#define KOPPEL_STORE_SQLITE_KEEP_H

#include "store/sqlite.h"

int sqlite_keep(struct store *s, const struct keeping *ages, struct keeping_place *place,
                struct keeping_sum *sum, struct koppel_error *err);
int sqlite_keep_plan(struct store *s, const struct keeping *ages, struct keeping_sum *sum,
                     struct koppel_error *err);

#endif
