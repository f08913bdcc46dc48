/* SPDX-License-Identifier: MIT
 * The SQLite store beside its moves: links, sealed values, notes, counts and listings.
 *
 * Rows are gathered first and shown to the caller's function afterwards, so that it may call the
 * store again. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_internal.h"

/* A step that ends a query of one row: its result, with the statement reset. */
static int finish(sqlite3_stmt *st, int row, bool failed, struct koppel_error *err)
{
    if (st)
        sqlite3_reset(st);
    if (failed)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return row < 0 ? -1 : 0;
}

static void *grow(void *items, int count, size_t size, struct koppel_error *err)
{
    if (count & (count - 1))
        return items; /* room doubles at the powers of two */
    void *more = realloc(items, (count ? (size_t)count * 2 : 1) * size);
    if (!more)
        (void)err_set(err, KOPPEL_E_BUG, "out of memory");
    return more;
}

int conn_link_put(struct conn *c, const struct store_link_change *l, struct koppel_error *err)
{
    if (conn_run(c, SQL_SCOPE_PUT, err, "t", l->scope) != 0)
        return -1;
    return conn_run(c, SQL_LINK_PUT, err, "tttttii", l->scope, l->key, l->id, l->alias, l->digest,
                    l->version, (int64_t)l->closed);
}

static int link_put_work(struct sqlite_store *s, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    (void)s;
    return conn_link_put(c, arg, err);
}

int sqlite_link_put(struct store *s, const struct store_link_change *change,
                    struct koppel_error *err)
{
    struct store_link_change copy = *change;
    return sqlite_write(s, link_put_work, &copy, err);
}

struct get_arg {
    const char *scope, *key;
    struct store_link link;
    char *text;
    size_t bytes;
    bool found;
};

static int link_get_work(struct sqlite_store *s, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    struct get_arg *a = arg;
    bool failed = false;
    (void)s;
    sqlite3_stmt *st = conn_bind(c, SQL_LINK_GET, err, "tt", a->scope, a->key);
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1) {
        a->found = true;
        a->link.id = conn_text(st, 0, &failed);
        a->link.alias = conn_text(st, 1, &failed);
        a->link.digest = conn_text(st, 2, &failed);
        a->link.version = sqlite3_column_int64(st, 3);
        a->link.closed = sqlite3_column_int(st, 4) != 0;
    }
    return finish(st, row, failed, err);
}

int sqlite_link_get(struct store *s, const char *scope, const char *key, struct store_link *out,
                    int *found, struct koppel_error *err)
{
    struct get_arg a = {.scope = scope, .key = key};
    if (sqlite_read(s, link_get_work, &a, err) != 0) {
        store_link_done(&a.link);
        return -1;
    }
    *found = a.found;
    if (a.found)
        *out = a.link;
    return 0;
}

static int sealed_get_work(struct sqlite_store *s, struct conn *c, void *arg,
                           struct koppel_error *err)
{
    struct get_arg *a = arg;
    sqlite3_stmt *st = conn_bind(c, SQL_SEALED_GET, err, "t", a->key);
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1 && conn_unseal(s, st, 0, &a->text, &a->bytes, err) != 0)
        row = -1;
    return finish(st, row, false, err);
}

int sqlite_sealed_get(struct store *s, const char *name, struct secret **out,
                      struct koppel_error *err)
{
    struct get_arg a = {.key = name};
    struct secret *value = NULL;
    if (sqlite_read(s, sealed_get_work, &a, err) != 0)
        return -1;
    if (a.text) {
        value = secret_new(a.text, a.bytes);
        sodium_memzero(a.text, a.bytes);
        free(a.text);
        if (!value)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    *out = value;
    return 0;
}

struct put_arg {
    const char *name;
    const void *value;
    size_t bytes;
};

static int sealed_put_work(struct sqlite_store *s, struct conn *c, void *arg,
                           struct koppel_error *err)
{
    struct put_arg *a = arg;
    (void)s;
    return conn_run(c, SQL_SEALED_PUT, err, "tb", a->name, a->value, a->bytes);
}

int sqlite_sealed_put(struct store *base, const char *name, const char *value, size_t bytes,
                      struct koppel_error *err)
{
    struct put_arg a = {.name = name};
    unsigned char *sealed = store_sealed((struct sqlite_store *)base, value, bytes, &a.bytes, err);
    if (!sealed)
        return -1;
    a.value = sealed;
    int rc = sqlite_write(base, sealed_put_work, &a, err);
    free(sealed);
    return rc;
}

static int note_get_work(struct sqlite_store *s, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    struct get_arg *a = arg;
    bool failed = false;
    (void)s;
    sqlite3_stmt *st = conn_bind(c, SQL_NOTE_GET, err, "t", a->key);
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1)
        a->text = conn_text(st, 0, &failed);
    return finish(st, row, failed, err);
}

int sqlite_note_get(struct store *s, const char *name, char **out, struct koppel_error *err)
{
    struct get_arg a = {.key = name};
    if (sqlite_read(s, note_get_work, &a, err) != 0)
        return -1;
    *out = a.text;
    return 0;
}

static int note_put_work(struct sqlite_store *s, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    struct put_arg *a = arg;
    (void)s;
    if (!a->value)
        return conn_run(c, SQL_NOTE_DELETE, err, "t", a->name);
    return conn_run(c, SQL_NOTE_PUT, err, "tt", a->name, (const char *)a->value);
}

int sqlite_note_put(struct store *s, const char *name, const char *value, struct koppel_error *err)
{
    struct put_arg a = {.name = name, .value = value};
    return sqlite_write(s, note_put_work, &a, err);
}

static int note_claim_work(struct sqlite_store *s, struct conn *c, void *arg,
                           struct koppel_error *err)
{
    struct get_arg *a = arg;
    if (conn_run(c, SQL_NOTE_CLAIM, err, "tt", a->key, a->scope) != 0)
        return -1;
    return note_get_work(s, c, a, err);
}

int sqlite_note_claim(struct store *s, const char *name, const char *value, char **holder,
                      struct koppel_error *err)
{
    struct get_arg a = {.key = name, .scope = value};
    if (sqlite_write(s, note_claim_work, &a, err) != 0)
        return -1;
    *holder = a.text;
    return 0;
}

struct pair {
    char *name, *value;
    int64_t state, n;
};

struct pairs_arg {
    const char *name;
    struct pair *pairs;
    int count;
};

static void pairs_done(struct pairs_arg *a)
{
    for (int i = 0; i < a->count; i++) {
        free(a->pairs[i].name);
        free(a->pairs[i].value);
    }
    free(a->pairs);
}

static struct pair *next_pair(struct pairs_arg *a, struct koppel_error *err)
{
    struct pair *more = grow(a->pairs, a->count, sizeof *more, err);
    if (!more)
        return NULL;
    a->pairs = more;
    a->pairs[a->count] = (struct pair){0};
    return &a->pairs[a->count++];
}

static int notes_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct pairs_arg *a = arg;
    struct pair *p;
    bool failed = false;
    int row;
    (void)s;
    sqlite3_stmt *st = conn_bind(c, SQL_NOTES, err, "t", a->name);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        if (!(p = next_pair(a, err)))
            return finish(st, -1, false, err);
        p->name = conn_text(st, 0, &failed);
        p->value = conn_text(st, 1, &failed);
    }
    return finish(st, row, failed, err);
}

int sqlite_notes(struct store *s, const char *prefix,
                 int (*visit)(void *arg, const char *name, const char *value), void *arg,
                 struct koppel_error *err)
{
    struct pairs_arg a = {.name = prefix};
    int rc = sqlite_read(s, notes_work, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, a.pairs[i].name, a.pairs[i].value);
    pairs_done(&a);
    return rc;
}

struct counts_arg {
    const char *flow;
    struct store_counts out;
};

static int counts_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct counts_arg *a = arg;
    struct koppel_error problem = {0};
    int row;
    struct flow_slot *f = flow_find(s, c, a->flow, &problem);
    if (!f && problem.kind == 0)
        return 0; /* never ran: all zero */
    if (!f) {
        if (err)
            *err = problem;
        return -1;
    }
    sqlite3_stmt *st = conn_bind(c, SQL_PART_READ, err, "i", f->id);
    row = st ? conn_step(c, st, err) : -1;
    if (row != 1)
        return -1;
    a->out.read = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    st = conn_bind(c, SQL_TALLY_SUM, err, "i", f->id);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        int64_t n = sqlite3_column_int64(st, 1);
        switch (sqlite3_column_int(st, 0)) {
        case JOB_DONE: a->out.done = n; break;
        case JOB_SKIPPED: a->out.skipped = n; break;
        case JOB_PARKED: a->out.parked = n; break;
        case JOB_WAITING: a->out.waiting = n; break;
        default: break;
        }
    }
    a->out.pending = a->out.read - a->out.done - a->out.skipped - a->out.parked - a->out.waiting;
    return finish(st, row, false, err);
}

int sqlite_counts(struct store *s, const char *flow, struct store_counts *out,
                  struct koppel_error *err)
{
    struct counts_arg a = {.flow = flow};
    if (sqlite_read(s, counts_work, &a, err) != 0)
        return -1;
    *out = a.out;
    return 0;
}

static int reasons_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct pairs_arg *a = arg;
    struct pair *p;
    struct koppel_error problem = {0};
    bool failed = false;
    int row;
    struct flow_slot *f = flow_find(s, c, a->name, &problem);
    if (!f && problem.kind == 0)
        return 0;
    sqlite3_stmt *st = f ? conn_bind(c, SQL_TALLY_ALL, err, "i", f->id) : NULL;
    if (!f && err)
        *err = problem;
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        if (!(p = next_pair(a, err)))
            return finish(st, -1, false, err);
        p->state = sqlite3_column_int64(st, 0);
        p->name = conn_text(st, 1, &failed);
        p->n = sqlite3_column_int64(st, 2);
    }
    return finish(st, row, failed, err);
}

int sqlite_reasons(struct store *s, const char *flow,
                   int (*visit)(void *arg, enum job_state state, const char *reason, int64_t count),
                   void *arg, struct koppel_error *err)
{
    struct pairs_arg a = {.name = flow};
    int rc = sqlite_read(s, reasons_work, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, (enum job_state)a.pairs[i].state, a.pairs[i].name, a.pairs[i].n);
    pairs_done(&a);
    return rc;
}

struct jobs_arg {
    const struct store_job_filter *filter;
    struct job_id id;
    struct store_job_row *rows;
    int count;
    char *payload;
    bool want_payload;
};

/* The name of a flow number, as every listed row needs it. */
static char *flow_name(struct conn *c, int64_t flow, struct koppel_error *err)
{
    bool failed = false;
    char *name = NULL;
    sqlite3_stmt *st = conn_bind(c, SQL_FLOW_NAMES, err, "");
    while (!name && st && conn_step(c, st, err) == 1) {
        if (sqlite3_column_int64(st, 0) == flow)
            name = conn_text(st, 1, &failed);
    }
    if (st)
        sqlite3_reset(st);
    return name;
}

static int fill_row(struct conn *c, sqlite3_stmt *st, struct store_job_row *r,
                    struct koppel_error *err)
{
    bool failed = false;
    int64_t job = sqlite3_column_int64(st, 0);
    *r = (struct store_job_row){.part = job_part(job), .off = job_off(job)};
    r->flow = flow_name(c, job >> 48, err);
    r->key = conn_text(st, 1, &failed);
    r->state = (enum job_state)sqlite3_column_int(st, 2);
    r->attempt = sqlite3_column_int(st, 3);
    r->at_ms = sqlite3_column_int64(st, 4);
    r->finished_ms = sqlite3_column_int64(st, 5);
    r->next_at_ms = r->state == JOB_WAITING ? sqlite3_column_int64(st, 6) : 0;
    r->reason = conn_text(st, 7, &failed);
    if (!r->reason && !(r->reason = strdup("")))
        failed = true;
    r->detail = conn_text(st, 8, &failed);
    r->remote_id = conn_text(st, 9, &failed);
    return failed || !r->flow ? err_set(err, KOPPEL_E_BUG, "out of memory") : 0;
}

static int jobs_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct jobs_arg *a = arg;
    struct koppel_error problem = {0};
    int64_t limit = a->filter->limit > 0 ? a->filter->limit : 100, state = a->filter->state;
    struct flow_slot *f = NULL;
    int row;
    if (a->filter->flow && !(f = flow_find(s, c, a->filter->flow, &problem))) {
        if (problem.kind != 0 && err)
            *err = problem;
        return problem.kind == 0 ? 0 : -1;
    }
    enum sql which = state == JOB_PARKED || state == JOB_WAITING ? SQL_JOBS_ASIDE : SQL_JOBS;
    sqlite3_stmt *st = f ? conn_bind(c, which, err, "iii", f->id, state, limit)
                         : conn_bind(c, which, err, "nii", state, limit);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        struct store_job_row *more = grow(a->rows, a->count, sizeof *more, err);
        if (!more)
            return finish(st, -1, false, err);
        a->rows = more;
        if (fill_row(c, st, &a->rows[a->count++], err) != 0)
            return finish(st, -1, false, err);
    }
    return finish(st, row, false, err);
}

int sqlite_jobs(struct store *s, const struct store_job_filter *filter,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err)
{
    struct jobs_arg a = {.filter = filter};
    int rc = sqlite_read(s, jobs_work, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        store_job_row_done(&a.rows[i]);
    free(a.rows);
    return rc;
}

/* The job's number, or -1 where there can be none of that address. */
static int64_t number_of(struct sqlite_store *s, struct conn *c, struct job_id id,
                         struct koppel_error *err)
{
    struct flow_slot *f = flow_find(s, c, id.flow, err);
    if (!f || id.part < 0 || id.part >= STORE_PARTS_MAX || id.off < 0 || id.off >> STORE_OFF_BITS)
        return -1;
    return job_number(f->id, id.part, id.off);
}

static int job_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct jobs_arg *a = arg;
    struct koppel_error problem = {0};
    size_t bytes;
    int64_t job = number_of(s, c, a->id, &problem);
    if (job < 0) {
        if (problem.kind != 0 && err)
            *err = problem;
        return problem.kind == 0 ? 0 : -1;
    }
    sqlite3_stmt *st = conn_bind(c, SQL_JOB, err, "i", job);
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1) {
        a->count = 1;
        if (fill_row(c, st, a->rows, err) != 0 ||
            (a->want_payload && conn_unseal(s, st, 10, &a->payload, &bytes, err) != 0))
            row = -1;
    }
    return finish(st, row, false, err);
}

int sqlite_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
               int *found, struct koppel_error *err)
{
    struct store_job_row one = {0};
    struct jobs_arg a = {.id = id, .rows = &one, .want_payload = payload != NULL};
    if (sqlite_read(s, job_work, &a, err) != 0) {
        store_job_row_done(&one);
        return -1;
    }
    *found = a.count;
    if (a.count) {
        *row = one;
        if (payload)
            *payload = a.payload;
    }
    return 0;
}

struct activity_arg {
    struct job_id id;
    struct store_activity *rows;
    int count;
};

static int activity_work(struct sqlite_store *s, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    struct activity_arg *a = arg;
    struct koppel_error problem = {0};
    size_t bytes;
    int row;
    int64_t job = number_of(s, c, a->id, &problem);
    if (job < 0) {
        if (problem.kind != 0 && err)
            *err = problem;
        return problem.kind == 0 ? 0 : -1;
    }
    sqlite3_stmt *st = conn_bind(c, SQL_ACTIVITY_GET, err, "i", job);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        struct store_activity *more = grow(a->rows, a->count, sizeof *more, err);
        if (!more)
            return finish(st, -1, false, err);
        a->rows = more;
        struct store_activity *r = &a->rows[a->count++];
        *r = (struct store_activity){.at_ms = sqlite3_column_int64(st, 0),
                                     .attempt = sqlite3_column_int(st, 1)};
        if (conn_unseal(s, st, 2, &r->steps, &bytes, err) != 0)
            return finish(st, -1, false, err);
    }
    return finish(st, row, false, err);
}

int sqlite_activity(struct store *s, struct job_id id,
                    int (*visit)(void *arg, const struct store_activity *a), void *arg,
                    struct koppel_error *err)
{
    struct activity_arg a = {.id = id};
    int rc = sqlite_read(s, activity_work, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        free(a.rows[i].steps);
    free(a.rows);
    return rc;
}
