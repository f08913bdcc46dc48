/* SPDX-License-Identifier: MIT
 * The SQLite store: one file, one engine. */
#ifndef KOPPEL_STORE_STORE_SQLITE_H
#define KOPPEL_STORE_STORE_SQLITE_H

#include "store/store.h"

extern const struct store_ops store_sqlite;

#endif
