/* SPDX-License-Identifier: MIT
 * The memory store: the SQLite store's moves on a database that is gone when it is closed. For
 * previews and tests. What it keeps is sealed too, with a key that nobody else has. */
#include "store/store_memory.h"

#include <sodium.h>

#include "store/sql_ops.h"
#include "store/sqlite_members.h"

static int open_memory(const struct store_conf *conf, enum store_mode mode, struct store **out,
                       struct koppel_error *err)
{
    unsigned char random[SECRET_KEY_BYTES];
    randombytes_buf(random, sizeof random);
    struct secret *own = secret_new((const char *)random, sizeof random);
    sodium_memzero(random, sizeof random);
    if (!own)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    return sqlite_open(":memory:", conf, mode, own, &store_memory, out, err);
}

/* Nobody else can change it. */
static int no_news(struct store *s)
{
    (void)s;
    return -1;
}

const struct store_ops store_memory = {
    .name = "memory", .open = open_memory, .news_fd = no_news, SQL_STORE_MEMBERS, SQLITE_MEMBERS};
