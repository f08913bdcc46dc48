/* SPDX-License-Identifier: MIT
 * koppel check's look at a store. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_CHECK_H
#define KOPPEL_STORE_SQLITE_CHECK_H

#include "store/sqlite.h"

int sqlite_check(const struct store_conf *conf, int *exists, struct koppel_error *err);

#endif
