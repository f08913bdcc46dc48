/* SPDX-License-Identifier: MIT
 * The null store: the SQLite store's moves on a database in memory that is gone when it is closed.
 * For previews and tests. Its payloads are sealed too, with a key that nobody else has. */
#include <sodium.h>

#include "store/sqlite_internal.h"

static int null_open(const char *path, const struct secret *key, int exclusive, struct store **out,
                     struct koppel_error *err)
{
    unsigned char random[SECRET_KEY_BYTES];
    (void)path;
    (void)key;
    (void)exclusive;
    randombytes_buf(random, sizeof random);
    struct secret *own = secret_new((const char *)random, sizeof random);
    sodium_memzero(random, sizeof random);
    if (!own)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (sqlite_open_at(":memory:", own, 0, &store_null, out, err) != 0) {
        secret_free(own);
        return -1;
    }
    ((struct sqlite_store *)*out)->own_key = own;
    return 0;
}

const struct store_ops store_null = {.name = "null", .open = null_open, SQLITE_STORE_MEMBERS};
