/* SPDX-License-Identifier: MIT
 * Jobs in pages, newest first. Of what the filter tells, the narrowest is walked in the order of
 * time, and each candidate held against the rest: a page costs what it shows, or ends when its time
 * is up. Rows are gathered first and shown afterwards, so that the caller's function may call the
 * store again. */
#include "store/sql_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/search.h"
#include "store/sql_list.h"
#include "store/tails.h"

#define LIMIT_DEFAULT 100
#define BUDGET_MS 50
#define CLOCK_STEPS 16 /* how often the time is looked at */

/* What is walked, from what costs least. */
enum walk { WALK_WORDS, WALK_KEY, WALK_CAUSE, WALK_ASIDE, WALK_OPEN, WALK_FLOW, WALK_TIME };

struct look {
    struct sql_store *s;
    struct conn *c;
    const struct store_job_filter *filter;
    int64_t flow; /* 0: all */
    enum walk walk;
    struct hashes words;
    struct tails tails;
    struct search search;
    struct conn_rows *rows; /* WALK_KEY, WALK_TIME */
    /* of the last candidate */
    struct tails_at at;
    enum job_state state;
    char *reason;
};

/* ---- candidates ---- */

static enum walk narrowest(const struct store_job_filter *f)
{
    if (f->word_count > 0)
        return WALK_WORDS;
    if (f->key)
        return WALK_KEY;
    if (f->cause)
        return WALK_CAUSE;
    if (f->state == JOB_PARKED || f->state == JOB_WAITING)
        return WALK_ASIDE;
    if (f->state == JOB_NEW)
        return WALK_OPEN;
    return f->flow ? WALK_FLOW : WALK_TIME;
}

static int begin(struct look *l, struct tails_at before, struct koppel_error *err)
{
    const struct store_job_filter *f = l->filter;
    l->walk = narrowest(f);
    hashes_of(l->s->index_key, f->words, f->word_count, &l->words);
    switch (l->walk) {
    case WALK_WORDS:
        return search_begin(&l->search, l->c, &l->words, f->or_key, before, f->from_ms, err);
    case WALK_KEY:
        l->rows = conn_bind(l->c, SQL_PAGE_KEY, err, "iit", before.at, before.job, f->key);
        return l->rows ? 0 : -1;
    case WALK_TIME:
        l->rows = conn_bind(l->c, SQL_PAGE_TIME, err, "ii", before.at, before.job);
        return l->rows ? 0 : -1;
    case WALK_CAUSE:
        return tails_begin(&l->tails, l->c, TAILS_CAUSE, f->cause, l->flow, before, err);
    case WALK_ASIDE:
        return tails_begin(&l->tails, l->c, TAILS_ASIDE, f->state, l->flow, before, err);
    case WALK_OPEN:
        return tails_begin(&l->tails, l->c, TAILS_OPEN, 0, l->flow, before, err);
    default:
        return tails_begin(&l->tails, l->c, TAILS_LOG, 0, l->flow, before, err);
    }
}

/* The next candidate: 1, 0: there is none, -1 and err. */
static int next(struct look *l, struct koppel_error *err)
{
    int row;
    if (l->walk == WALK_WORDS) {
        row = search_next(&l->search, &l->at, err);
    } else if (!l->rows) {
        row = tails_next(&l->tails, &l->at, err);
    } else {
        row = conn_step(l->c, l->rows, err);
        if (row == 1)
            l->at = (struct tails_at){.job = conn_int64(l->rows, 0),
                                      .at = conn_int64(l->rows, 1)};
        else
            l->rows = NULL;
    }
    return row == 1 && l->at.at < l->filter->from_ms ? 0 : row;
}

static void done(struct look *l)
{
    if (l->rows)
        conn_reset(l->rows);
    search_done(&l->search);
    tails_done(&l->tails);
    free(l->reason);
}

/* ---- is it meant? ---- */

static int load_state(struct look *l, struct koppel_error *err)
{
    struct conn_rows *st;
    bool failed = false;
    int row = conn_row(l->c, &st, SQL_PAGE_STATE, err, "i", l->at.job);
    free(l->reason);
    l->reason = NULL;
    l->state = JOB_NEW;
    if (row != 1)
        return row;
    l->state = (enum job_state)conn_int(st, 0);
    const char *wanted = l->filter->reason;
    if (!wanted || strcmp(conn_peek(st, 1), wanted) == 0)
        l->reason = conn_text(st, 1, &failed);
    conn_reset(st);
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

/* What needs another row than that of its end: 1, 0, or -1 and err. */
static int fits_rest(struct look *l, struct koppel_error *err)
{
    const struct store_job_filter *f = l->filter;
    struct conn_rows *st;
    int row = 1;
    if (f->cause && l->walk != WALK_CAUSE) {
        row = conn_row(l->c, &st, SQL_PAGE_CAUSE, err, "ii", f->cause, l->at.job);
        if (row == 1)
            conn_reset(st);
    }
    if (row == 1 && f->key && l->walk != WALK_KEY) {
        row = conn_row(l->c, &st, SQL_LOG_KEY, err, "i", l->at.job);
        if (row == 1) {
            row = strcmp(conn_peek(st, 0), f->key) == 0;
            conn_reset(st);
        }
    }
    return row;
}

static int fits(struct look *l, struct koppel_error *err)
{
    const struct store_job_filter *f = l->filter;
    if (l->flow && l->at.job >> 48 != l->flow)
        return 0;
    if (load_state(l, err) != 0)
        return -1;
    if ((f->state >= 0 && (int)l->state != f->state) || (f->reason && !l->reason))
        return 0;
    return fits_rest(l, err);
}

/* ---- pages ---- */

/* The flow's number, 0 for any; 1, 0: it never ran, -1 and err. */
static int find_flow(struct look *l, struct koppel_error *err)
{
    struct koppel_error problem = {0};
    if (!l->filter->flow)
        return 1;
    const struct names_flow *f = names_flow(&l->s->names, l->c, l->filter->flow, &problem);
    if (!f && problem.kind)
        *err = problem;
    if (!f)
        return problem.kind ? -1 : 0;
    l->flow = f->id;
    return 1;
}

static int place_before(struct look *l, const struct store_place *after, struct tails_at *out,
                        struct koppel_error *err)
{
    char flow[JOB_ID_BYTES];
    struct job_id id;
    *out = (struct tails_at){INT64_MAX, INT64_MAX};
    if (after && after->job[0]) {
        int64_t job = job_id_parse(after->job, flow, &id) == 0
                          ? sql_list_number(l->s, l->c, id, err)
                          : 0;
        if (job < 0)
            return -1;
        *out = (struct tails_at){.at = after->at_ms, .job = job};
    }
    if (l->filter->to_ms > 0 && out->at >= l->filter->to_ms)
        *out = (struct tails_at){.at = l->filter->to_ms};
    return 0;
}

static int place_of(struct look *l, struct tails_at at, struct store_place *out,
                    struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(l->c, &st, SQL_FLOW_NAME, err, "i", at.job >> 48);
    if (row != 1)
        return row;
    struct job_id id = {conn_peek(st, 0), sql_job_part(at.job),
                        sql_job_off(at.job)};
    out->at_ms = at.at;
    int n = job_id_format(id, out->job);
    conn_reset(st);
    return n > 0 ? 0 : err_set(err, KOPPEL_E_BUG, "the name of a flow is too long");
}

struct page_arg {
    const struct store_job_filter *filter;
    struct store_page *page;
    struct store_job_row *rows;
    int count;
};

static int add_row(struct look *l, struct page_arg *a, struct koppel_error *err)
{
    struct store_job_row *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
    if (!more)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    a->rows = more;
    a->rows[a->count] = (struct store_job_row){0};
    return sql_list_row(l->s, l->c, l->at.job, &a->rows[a->count++], err) < 0 ? -1 : 0;
}

static int fill(struct look *l, struct page_arg *a, struct koppel_error *err)
{
    struct store_page *p = a->page;
    int limit = p->limit > 0 ? p->limit : LIMIT_DEFAULT;
    int64_t until = INT64_MAX;
    int row;
    while ((row = next(l, err)) == 1) {
        /* from the first one on, so that every page comes further */
        if (p->stepped++ == 0)
            until = clock_monotonic_ms() + (p->budget_ms > 0 ? p->budget_ms : BUDGET_MS);
        int fit = fits(l, err);
        if (fit < 0 || (fit && add_row(l, a, err) != 0))
            return -1;
        p->more = a->count == limit ||
                  (p->stepped % CLOCK_STEPS == 0 && clock_monotonic_ms() >= until);
        if (!p->more)
            continue;
        p->looked_to_ms = l->at.at;
        return place_of(l, l->at, &p->next, err);
    }
    return row;
}

static int read_page(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct page_arg *a = arg;
    struct look l = {.s = s, .c = c, .filter = a->filter};
    struct tails_at before;
    int rc = find_flow(&l, err);
    if (rc != 1)
        return rc;
    rc = place_before(&l, &a->page->after, &before, err);
    if (rc == 0)
        rc = begin(&l, before, err);
    if (rc == 0)
        rc = fill(&l, a, err);
    done(&l);
    return rc;
}

int sql_page(struct store *s, const struct store_job_filter *filter, struct store_page *page,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err)
{
    struct page_arg a = {.filter = filter, .page = page};
    page->more = false;
    page->next = (struct store_place){0};
    page->looked_to_ms = page->stepped = 0;
    int rc = sql_look(sql_of(s), read_page, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++)
        store_job_row_done(&a.rows[i]);
    free(a.rows);
    return rc;
}

/* ---- all that are meant ---- */

struct pick_arg {
    const struct store_job_filter *filter;
    int (*visit)(void *arg, const struct store_pick *p);
    void *arg;
};

static int show_pick(struct look *l, const struct pick_arg *a, struct koppel_error *err)
{
    struct conn_rows *st;
    struct store_pick p = {.state = l->state, .reason = l->reason ? l->reason : ""};
    int row = conn_row(l->c, &st, SQL_PAGE_PICK, err, "i", l->at.job);
    if (row != 1)
        return -1;
    p.key = conn_peek(st, 0);
    p.id = (struct job_id){conn_peek(st, 1), sql_job_part(l->at.job),
                           sql_job_off(l->at.job)};
    p.cause = conn_int64(st, 2);
    int rc = a->visit(a->arg, &p);
    conn_reset(st);
    return rc;
}

static int pick(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct pick_arg *a = arg;
    struct look l = {.s = s, .c = c, .filter = a->filter};
    struct tails_at before;
    int rc = find_flow(&l, err), row = 0;
    if (rc != 1)
        return rc;
    rc = place_before(&l, NULL, &before, err);
    if (rc == 0)
        rc = begin(&l, before, err);
    while (rc == 0 && (row = next(&l, err)) == 1) {
        int fit = fits(&l, err);
        rc = fit < 0 ? -1 : fit ? show_pick(&l, a, err) : 0;
    }
    done(&l);
    return row < 0 ? -1 : rc;
}

int sql_page_pick(struct store *s, const struct store_job_filter *filter,
                     int (*visit)(void *arg, const struct store_pick *p), void *arg,
                     struct koppel_error *err)
{
    struct pick_arg a = {filter, visit, arg};
    return sql_look(sql_of(s), pick, &a, err);
}
