/* SPDX-License-Identifier: MIT
 * Every text that is kept of records, table by table, some rows at a time: a long read would keep
 * the write-ahead log from being emptied. */
#include "store/sql_texts.h"

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
static int show_plain(const struct texts_arg *a, struct keeping_text t, struct conn_rows *st,
                      int column)
{
    t.text = conn_peek(st, column);
    t.bytes = conn_bytes(st, column);
    return t.text ? a->visit(a->arg, &t) : 0;
}

static int show_sealed(struct sql_store *s, const struct texts_arg *a, struct keeping_text t,
                       struct conn_rows *st, int column, struct koppel_error *err)
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

static int show_job(struct sql_store *s, const struct texts_arg *a, struct conn_rows *st,
                    struct koppel_error *err)
{
    static const char *const what[] = {"source", "words", "activity", "edited"};
    int64_t job = conn_int64(st, 0);
    struct keeping_text t = {.key = conn_peek(st, 1),
                             .flow = conn_peek(st, 6),
                             .part = sql_job_part(job), .off = sql_job_off(job)};
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

static int show_attempt(struct sql_store *s, const struct texts_arg *a, struct conn_rows *st,
                        struct koppel_error *err)
{
    int64_t job = conn_int64(st, 1);
    struct keeping_text t = {.what = "activity", .key = conn_peek(st, 2),
                             .flow = conn_peek(st, 4),
                             .part = sql_job_part(job), .off = sql_job_off(job)};
    a->place->at = conn_int64(st, 0);
    return show_sealed(s, a, t, st, 3, err);
}

static int show_link(struct sql_store *s, const struct texts_arg *a, struct conn_rows *st,
                     struct koppel_error *err)
{
    struct keeping_text t = {.what = "link", .key = conn_peek(st, 1),
                             .scope = conn_peek(st, 2),
                             .flow = conn_peek(st, 6)};
    a->place->at = conn_int64(st, 0);
    snprintf(a->place->key, sizeof a->place->key, "%s", t.key);
    int rc = show_plain(a, t, st, 1);
    for (int column = 3; column <= 4 && rc == 0; column++)
        rc = show_plain(a, t, st, column);
    t.what = "document";
    return rc == 0 ? show_sealed(s, a, t, st, 5, err) : rc;
}

static int show(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct texts_arg *a = arg;
    struct keeping_texts *p = a->place;
    struct conn_rows *st;
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
        conn_reset(st);
    if (count < ROWS && rc == 0)
        *p = (struct keeping_texts){.phase = p->phase + 1, .jobs = p->jobs};
    return rc != 0 || row < 0 ? -1 : 0;
}

int sql_texts(struct store *s, struct keeping_texts *place,
                 int (*visit)(void *arg, const struct keeping_text *t), void *arg,
                 struct koppel_error *err)
{
    struct texts_arg a = {place, visit, arg};
    return sql_look(sql_of(s), show, &a, err);
}
