/* SPDX-License-Identifier: MIT
 * Which kind of store a place is of. */
#include "store/store_kind.h"

#include "store/store_postgres.h"
#include "store/store_sqlite.h"

const struct store_ops *store_kind(const struct store_conf *where)
{
    return where->connection ? &store_postgres : &store_sqlite;
}
