/* SPDX-License-Identifier: MIT
 * Which kind of store a place is of. */
#include "store/store_kind.h"

#include "store/postgres_upgrade.h"
#include "store/store_postgres.h"
#include "store/store_sqlite.h"

int store_kind_upgrade(struct store *s, int *from, int *to, bool *later, struct koppel_error *err)
{
    enum postgres_upgrade_end end = POSTGRES_UPGRADE_NONE;
    int rc = 0;
    *from = *to = 0;
    if (s->ops == &store_postgres)
        rc = postgres_upgrade(postgres_of(s), true, &end, from, to, err);
    *later = end == POSTGRES_UPGRADE_LATER;
    return rc;
}

const struct store_ops *store_kind(const struct store_conf *where)
{
    return where->connection ? &store_postgres : &store_sqlite;
}
