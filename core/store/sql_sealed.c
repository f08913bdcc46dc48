/* SPDX-License-Identifier: MIT
 * Small sealed values: tokens, and what connectors keep. */
#include "store/sql_sealed.h"

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

static int get_value(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_SEALED_GET, err, "t", a->name);
    if (row != 1)
        return row;
    a->rev = conn_int64(st, 1);
    int rc = conn_unseal(st, 0, s->key, &a->text, &a->bytes, err);
    conn_reset(st);
    return rc;
}

int sql_sealed_get(struct store *s, const char *name, struct secret **out, int64_t *rev,
                      struct koppel_error *err)
{
    struct sealed_arg a = {.name = name};
    struct secret *value = NULL;
    if (sql_look(sql_of(s), get_value, &a, err) != 0)
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

static int put_value(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    struct conn_rows *st;
    int64_t stands = 0;
    (void)s;
    a->lost = false;
    if (a->rev >= 0) {
        if (conn_run(c, SQL_GUARD, err, "") != 0)
            return -1;
        int row = conn_row(c, &st, SQL_SEALED_GET, err, "t", a->name);
        if (row < 0)
            return -1;
        if (row == 1) {
            stands = conn_int64(st, 1);
            conn_reset(st);
        }
        a->lost = stands != a->rev;
    }
    if (a->lost)
        return 0;
    return conn_run(c, SQL_SEALED_PUT, err, "tb", a->name, a->seal.data, a->seal.bytes);
}

int sql_sealed_put(struct store *base, const char *name, const char *value, size_t bytes,
                      int64_t rev, int *lost, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct sealed_arg a = {.name = name, .rev = rev};
    if (seal_text(s->key, value, bytes, &a.seal, err) != 0)
        return -1;
    int rc = sql_change(s, SQL_HARD, put_value, &a, err);
    free(a.seal.data);
    if (rc == 0 && lost)
        *lost = a.lost;
    return rc;
}

static int list_names(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct sealed_arg *a = arg;
    struct conn_rows *st;
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
        conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : row < 0 ? -1 : 0;
}

int sql_sealed_names(struct store *s, const char *prefix,
                        int (*visit)(void *arg, const char *name), void *arg,
                        struct koppel_error *err)
{
    struct sealed_arg a = {.name = prefix};
    int rc = sql_look(sql_of(s), list_names, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.names[i]);
    for (int i = 0; i < a.count; i++)
        free(a.names[i]);
    free(a.names);
    return rc;
}

static int drop_value(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct sealed_arg *a = arg;
    (void)s;
    return conn_run(c, SQL_SEALED_DROP, err, "t", a->name);
}

int sql_sealed_drop(struct store *s, const char *name, struct koppel_error *err)
{
    struct sealed_arg a = {.name = name};
    return sql_change(sql_of(s), SQL_HARD, drop_value, &a, err);
}
