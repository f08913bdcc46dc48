/* SPDX-License-Identifier: MIT
 * Every text that is kept of records, table by table, some rows at a time: a long read would keep
 * the write-ahead log from being emptied. */
#include "store/sqlite_texts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 200

struct texts_arg {
    struct keeping_texts *place;
    int (*visit)(void *arg, const struct keeping_text *t);
    void *arg;
};

/* A plain column; nothing is shown of NULL. */
static int show_plain(const struct texts_arg *a, struct keeping_text t, sqlite3_stmt *st,
                      int column)
{
    t.text = (const char *)sqlite3_column_text(st, column);
    t.bytes = (size_t)sqlite3_column_bytes(st, column);
    return t.text ? a->visit(a->arg, &t) : 0;
}

static int show_sealed(struct sqlite_store *s, const struct texts_arg *a, struct keeping_text t,
                       sqlite3_stmt *st, int column, struct koppel_error *err)
{
    char *plain;
    if (conn_unseal(st, column, s->key, &plain, &t.bytes, err) != 0)
        return -1;
    t.text = plain;
    int rc = plain ? a->visit(a->arg, &t) : 0;
    if (plain)
        sodium_memzero(plain, t.bytes);
    free(plain);
    return rc;
}

static int show_job(struct sqlite_store *s, const struct texts_arg *a, sqlite3_stmt *st,
                    struct koppel_error *err)
{
    static const char *const what[] = {"source", "words", "activity", "edited"};
    int64_t job = sqlite3_column_int64(st, 0);
    struct keeping_text t = {.key = (const char *)sqlite3_column_text(st, 1),
                             .flow = (const char *)sqlite3_column_text(st, 6),
                             .part = sqlite_job_part(job), .off = sqlite_job_off(job)};
    a->place->at = job;
    a->place->jobs++;
    t.what = "key";
    int rc = show_plain(a, t, st, 1);
    for (int i = 0; i < 4 && rc == 0; i++) {
        t.what = what[i];
        rc = show_sealed(s, a, t, st, 2 + i, err);
    }
    return rc;
}

static int show_attempt(struct sqlite_store *s, const struct texts_arg *a, sqlite3_stmt *st,
                        struct koppel_error *err)
{
    int64_t job = sqlite3_column_int64(st, 1);
    struct keeping_text t = {.what = "activity", .key = (const char *)sqlite3_column_text(st, 2),
                             .flow = (const char *)sqlite3_column_text(st, 4),
                             .part = sqlite_job_part(job), .off = sqlite_job_off(job)};
    a->place->at = sqlite3_column_int64(st, 0);
    return show_sealed(s, a, t, st, 3, err);
}

static int show_link(struct sqlite_store *s, const struct texts_arg *a, sqlite3_stmt *st,
                     struct koppel_error *err)
{
    struct keeping_text t = {.what = "link", .key = (const char *)sqlite3_column_text(st, 1),
                             .scope = (const char *)sqlite3_column_text(st, 2),
                             .flow = (const char *)sqlite3_column_text(st, 6)};
    a->place->at = sqlite3_column_int64(st, 0);
    snprintf(a->place->key, sizeof a->place->key, "%s", t.key);
    int rc = show_plain(a, t, st, 1);
    for (int column = 3; column <= 4 && rc == 0; column++)
        rc = show_plain(a, t, st, column);
    t.what = "document";
    return rc == 0 ? show_sealed(s, a, t, st, 5, err) : rc;
}

static int show(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct texts_arg *a = arg;
    struct keeping_texts *p = a->place;
    sqlite3_stmt *st;
    int rc = 0, count = 0, row;
    if (p->phase == KEEPING_LINKS)
        row = conn_row(c, &st, SQL_TEXTS_LINKS, err, "iti", p->at, p->key, (int64_t)ROWS);
    else
        row = conn_row(c, &st, p->phase == KEEPING_JOBS ? SQL_TEXTS_JOBS : SQL_TEXTS_ATTEMPTS, err,
                       "ii", p->at, (int64_t)ROWS);
    for (; row == 1 && rc == 0; row = conn_step(c, st, err), count++)
        rc = p->phase == KEEPING_JOBS       ? show_job(s, a, st, err)
             : p->phase == KEEPING_ATTEMPTS ? show_attempt(s, a, st, err)
                                            : show_link(s, a, st, err);
    if (row == 1)
        sqlite3_reset(st);
    if (count < ROWS && rc == 0)
        *p = (struct keeping_texts){.phase = p->phase + 1, .jobs = p->jobs};
    return rc != 0 || row < 0 ? -1 : 0;
}

int sqlite_texts(struct store *s, struct keeping_texts *place,
                 int (*visit)(void *arg, const struct keeping_text *t), void *arg,
                 struct koppel_error *err)
{
    struct texts_arg a = {place, visit, arg};
    return writer_read(sqlite_of(s), show, &a, err);
}
