/* SPDX-License-Identifier: MIT
 * The log of what happened: added to, read from its end, and dropped from its beginning. Rows are
 * gathered first and shown afterwards, so that the caller's function may call the store again. */
#include "store/sql_entry.h"

#include <sodium.h>
#include <stdlib.h>

#include "store/seal.h"

#define LIMIT_DEFAULT 100

/* The texts of a row are its own, though an entry only borrows. */
struct row {
    struct store_entry entry;
    char *who, *subject, *body;
};

struct add_arg {
    const struct store_entry *entry;
    struct seal seal;
    int64_t seq;
};

struct list_arg {
    const struct store_entry_filter *filter;
    struct row *rows;
    int count;
};

struct drop_arg {
    const char *kind;
    int64_t before_ms, keep;
    int limit, count;
};

static int add(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct add_arg *a = arg;
    const struct store_entry *e = a->entry;
    struct conn_rows *st;
    (void)s;
    if (conn_row(c, &st, SQL_META_COUNT, err, "tt", "entry/", e->kind) != 1)
        return -1;
    a->seq = conn_int64(st, 0);
    conn_reset(st);
    return conn_run(c, SQL_ENTRY_ADD, err, "tiittb", e->kind, a->seq, conn_now_ms(c), e->who,
                    e->subject, a->seal.data, a->seal.bytes);
}

int sql_entry_add(struct store *base, const struct store_entry *e, int64_t *seq,
                     struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct add_arg a = {.entry = e};
    if (seal_text(s->key, e->body, e->body_bytes, &a.seal, err) != 0)
        return -1;
    int rc = sql_change(s, SQL_HARD, add, &a, err);
    free(a.seal.data);
    if (rc == 0 && seq)
        *seq = a.seq;
    return rc;
}

static int fill_row(struct sql_store *s, const char *kind, struct conn_rows *st, struct row *r,
                    struct koppel_error *err)
{
    bool failed = false;
    size_t bytes = 0;
    r->who = conn_text(st, 2, &failed);
    r->subject = conn_text(st, 3, &failed);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (conn_unseal(st, 4, s->key, &r->body, &bytes, err) != 0)
        return -1;
    r->entry = (struct store_entry){.kind = kind, .seq = conn_int64(st, 0),
                                    .at_ms = conn_int64(st, 1), .who = r->who,
                                    .subject = r->subject, .body = r->body, .body_bytes = bytes};
    return 0;
}

static int list(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct list_arg *a = arg;
    const struct store_entry_filter *f = a->filter;
    int64_t before = f->before > 0 ? f->before : INT64_MAX;
    int64_t limit = f->limit > 0 ? f->limit : LIMIT_DEFAULT;
    struct conn_rows *st;
    int row = f->subject ? conn_row(c, &st, SQL_ENTRIES_SUBJECT, err, "tiit", f->kind, before,
                                    limit, f->subject)
                         : conn_row(c, &st, SQL_ENTRIES, err, "tii", f->kind, before, limit);
    for (; row == 1; row = conn_step(c, st, err)) {
        struct row *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
        int rc = more ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (more) {
            a->rows = more;
            a->rows[a->count] = (struct row){0};
            rc = fill_row(s, f->kind, st, &a->rows[a->count++], err);
        }
        if (rc != 0) {
            conn_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

int sql_entry_list(struct store *s, const struct store_entry_filter *filter,
                      int (*visit)(void *arg, const struct store_entry *e), void *arg,
                      struct koppel_error *err)
{
    struct list_arg a = {.filter = filter};
    int rc = sql_look(sql_of(s), list, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i].entry);
    for (int i = 0; i < a.count; i++) {
        if (a.rows[i].body)
            sodium_memzero(a.rows[i].body, a.rows[i].entry.body_bytes);
        free(a.rows[i].who);
        free(a.rows[i].subject);
        free(a.rows[i].body);
    }
    free(a.rows);
    return rc;
}

static int drop(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct drop_arg *a = arg;
    (void)s;
    if (conn_run(c, SQL_ENTRY_DROP, err, "tiii", a->kind, a->before_ms, a->keep,
                 (int64_t)a->limit) != 0)
        return -1;
    a->count = conn_changes(c, err);
    return a->count < 0 ? -1 : 0;
}

int sql_entry_drop(struct store *s, const char *kind, int64_t before_ms, int64_t keep, int limit,
                      int *count, struct koppel_error *err)
{
    struct drop_arg a = {.kind = kind, .before_ms = before_ms, .keep = keep, .limit = limit};
    if (sql_change(sql_of(s), SQL_HARD, drop, &a, err) != 0)
        return -1;
    *count = a.count;
    return 0;
}

static int forget(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct store_entry *e = arg;
    (void)s;
    return conn_run(c, SQL_ENTRY_FORGET, err, "tt", e->kind, e->subject);
}

int sql_entry_forget(struct store *s, const char *kind, const char *subject,
                        struct koppel_error *err)
{
    struct store_entry e = {.kind = kind, .subject = subject};
    return sql_change(sql_of(s), SQL_HARD, forget, &e, err);
}
