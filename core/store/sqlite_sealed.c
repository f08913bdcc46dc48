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
    char **names;
    int count;
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

static int list_names(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    sqlite3_stmt *st;
    bool failed = false;
    (void)s;
    int row = conn_row(c, &st, SQL_SEALED_NAMES, err, "t", a->name);
    for (; row == 1 && !failed; row = conn_step(c, st, err)) {
        char **more = realloc(a->names, ((size_t)a->count + 1) * sizeof *more);
        failed = !more;
        if (failed)
            break;
        a->names = more;
        a->names[a->count++] = conn_text(st, 0, &failed);
    }
    if (failed)
        sqlite3_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sqlite_sealed_names(struct store *s, const char *prefix,
                        int (*visit)(void *arg, const char *name), void *arg,
                        struct koppel_error *err)
{
    struct sealed_arg a = {.name = prefix};
    int rc = writer_read(sqlite_of(s), list_names, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.names[i]);
    for (int i = 0; i < a.count; i++)
        free(a.names[i]);
    free(a.names);
    return rc;
}

static int drop_value(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct sealed_arg *a = arg;
    (void)s;
    return conn_run(c, SQL_SEALED_DROP, err, "t", a->name);
}

int sqlite_sealed_drop(struct store *s, const char *name, struct koppel_error *err)
{
    struct sealed_arg a = {.name = name};
    return writer_run(sqlite_of(s), WRITER_HARD, drop_value, &a, err);
}
