/* SPDX-License-Identifier: MIT
 * Small sealed values: tokens, and what connectors keep. */
#include "store/sqlite_sealed.h"

#include <sodium.h>
#include <stdlib.h>

#include "store/seal.h"

struct sealed_arg {
    const char *name;
    char *text;
    size_t bytes;
    struct seal seal;
    int64_t rev;
    bool lost;
};

static int get_value(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    sqlite3_stmt *st;
    int row = conn_row(c, &st, SQL_SEALED_GET, err, "t", a->name);
    if (row != 1)
        return row;
    a->rev = sqlite3_column_int64(st, 1);
    int rc = conn_unseal(st, 0, s->key, &a->text, &a->bytes, err);
    sqlite3_reset(st);
    return rc;
}

int sqlite_sealed_get(struct store *s, const char *name, struct secret **out, int64_t *rev,
                      struct koppel_error *err)
{
    struct sealed_arg a = {.name = name};
    struct secret *value = NULL;
    if (writer_read(sqlite_of(s), get_value, &a, err) != 0)
        return -1;
    if (a.text) {
        value = secret_new(a.text, a.bytes);
        sodium_memzero(a.text, a.bytes);
        free(a.text);
        if (!value)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    *out = value;
    if (rev)
        *rev = a.rev;
    return 0;
}

static int put_value(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    sqlite3_stmt *st;
    int64_t stands = 0;
    (void)s;
    if (a->rev >= 0) {
        int row = conn_row(c, &st, SQL_SEALED_GET, err, "t", a->name);
        if (row < 0)
            return -1;
        if (row == 1) {
            stands = sqlite3_column_int64(st, 1);
            sqlite3_reset(st);
        }
        a->lost = stands != a->rev;
    }
    if (a->lost)
        return 0;
    return conn_run(c, SQL_SEALED_PUT, err, "tb", a->name, a->seal.data, a->seal.bytes);
}

int sqlite_sealed_put(struct store *base, const char *name, const char *value, size_t bytes,
                      int64_t rev, int *lost, struct koppel_error *err)
{
    struct sqlite_store *s = sqlite_of(base);
    struct sealed_arg a = {.name = name, .rev = rev};
    if (seal_text(s->key, value, bytes, &a.seal, err) != 0)
        return -1;
    int rc = writer_run(s, WRITER_HARD, put_value, &a, err);
    free(a.seal.data);
    if (rc == 0 && lost)
        *lost = a.lost;
    return rc;
}
