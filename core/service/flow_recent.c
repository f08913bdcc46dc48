/* SPDX-License-Identifier: MIT
 * The newest records of a flow, held against its filter and its tables. */
#include "service/flow_recent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "flow/again.h"
#include "flow/cases.h"
#include "mapping/condition.h"
#include "service/ask.h"
#include "service/flow_edits.h"
#include "service/lifecycle.h"

#define LIMIT_DEFAULT 200
#define LIMIT_MAX 1000
#define BUDGET_MS 2000

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- which records ---- */

struct newest {
    char (*jobs)[JOB_ID_BYTES];
    int64_t *at_ms;
    int count, limit;
    json_t *keys; /* that were seen */
};

static int take_job(void *arg, const struct store_job_row *row)
{
    struct newest *n = arg;
    if (n->count == n->limit || json_object_get(n->keys, row->key))
        return 0;
    if (json_object_set_new_nocheck(n->keys, row->key, json_true()) != 0)
        return -1;
    n->at_ms[n->count] = row->at_ms;
    return job_id_format((struct job_id){row->flow, row->part, row->off}, n->jobs[n->count++]) < 0;
}

static int find(struct service *s, const char *flow, struct newest *n, bool *more,
                struct koppel_error *err)
{
    struct store_job_filter filter = {.flow = flow, .state = -1};
    struct store_page page = {.limit = n->limit, .budget_ms = BUDGET_MS};
    n->jobs = calloc((size_t)n->limit, sizeof *n->jobs);
    n->at_ms = calloc((size_t)n->limit, sizeof *n->at_ms);
    n->keys = json_object();
    if (!n->jobs || !n->at_ms || !n->keys)
        return no_memory(err);
    int rc = s->store ? s->store->ops->jobs(s->store, &filter, &page, take_job, n, err) : 0;
    *more = page.more;
    return rc;
}

static void newest_done(struct newest *n)
{
    free(n->jobs);
    free(n->at_ms);
    json_decref(n->keys);
}

/* The record as it was read; NULL: it was erased, or err. *key: the caller frees it. */
static json_t *record_of(struct service *s, const char *job, char **key, struct koppel_error *err)
{
    struct job_id id;
    struct store_job_row row = {0};
    char flow[JOB_ID_BYTES], *payload = NULL;
    int found = 0;
    *key = NULL;
    if (job_id_parse(job, flow, &id) != 0 ||
        s->store->ops->job(s->store, id, &row, &payload, &found, err) != 0)
        return NULL;
    json_t *record = found && payload ? json_read_text(payload, NULL) : NULL;
    if (record && row.key)
        *key = strdup(row.key);
    json_object_del(record, AGAIN_MARK);
    store_job_row_done(&row);
    free(payload);
    return record;
}

/* ---- what becomes of one ---- */

struct looking {
    const struct conf_flow *flow;
    struct cases_stage *stage;
    int64_t records, pass, undecided;
    json_t *stopped, *tables, *missing; /* objects; counts by their keys */
    char at[CLOCK_TEXT_BYTES];          /* when the record at hand was read */
    const char *key;
};

/* One more of it; the first one is the newest. */
static void count(json_t *in, const char *name, const char *at, const char *record)
{
    json_t *one = json_object_get(in, name);
    if (!one) {
        one = json_pack("{s:i,s:s,s:s*}", "count", 0, "last", at, "record", record);
        json_object_set_new_nocheck(in, name, one);
    }
    json_object_set_new(one, "count",
                        json_integer(json_integer_value(json_object_get(one, "count")) + 1));
}

static json_t *inside(json_t *of, const char *name)
{
    json_t *one = json_object_get(of, name);
    if (!one && json_object_set_new_nocheck(of, name, json_object()) == 0)
        one = json_object_get(of, name);
    return one;
}

/* A rule that leaves its field to others where the table has no row asks for none. */
static bool is_left(const json_t *row)
{
    const char *because = json_string_value(json_object_get(row, "because"));
    return because && strcmp(because, "nothing") == 0;
}

static void note_tables(struct looking *l, const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const json_t *table = json_object_get(row, "table");
        const char *name = json_string_value(json_object_get(table, "name"));
        const char *asked = json_string_value(json_object_get(table, "key"));
        const char *taken = json_string_value(json_object_get(table, "row"));
        note_tables(l, json_object_get(row, "parts"));
        if (name && json_is_true(json_object_get(table, "hit")) && taken)
            count(inside(l->tables, name), taken, l->at, NULL);
        else if (name && asked && *asked && !is_left(row))
            count(inside(l->missing, name), asked, l->at, l->key);
    }
}

/* Which condition stops it; -1: none does. -2: that cannot be told. */
static int stops(const struct looking *l, const json_t *core)
{
    const struct conf_flow *f = l->flow;
    const struct conf_condition *failed = NULL;
    struct koppel_error ignored = {0};
    json_t *root = json_copy((json_t *)core);
    if (root && !json_object_get(root, "settings"))
        json_object_set(root, "settings", f->settings);
    int rc = root ? condition_all(f->filter, f->filter_count, core, root, &failed, &ignored) : -1;
    json_decref(root);
    return rc < 0 ? -2 : rc || !failed ? -1 : (int)(failed - f->filter);
}

static int look_at(struct looking *l, const json_t *record, struct koppel_error *err)
{
    struct conf_case one = {.key = l->key, .source = (json_t *)record};
    json_t *row = NULL;
    if (cases_stage_row(l->stage, &one, &row, err) != 0)
        return -1;
    const json_t *core = json_object_get(row, "core"), *why = json_object_get(row, "explain");
    int stopped = json_is_object(core) ? stops(l, core) : -2;
    char number[16];
    snprintf(number, sizeof number, "%d", stopped);
    l->records++;
    l->pass += stopped == -1;
    l->undecided += stopped == -2;
    if (stopped >= 0)
        count(l->stopped, number, l->at, NULL);
    note_tables(l, json_object_get(why, "get"));
    note_tables(l, json_object_get(why, "send"));
    json_decref(row);
    return 0;
}

static int look_at_all(struct service *s, const struct service_ask *ask, struct looking *l,
                       const struct newest *n, bool *more, struct koppel_error *err)
{
    int64_t end_ms = clock_monotonic_ms() + BUDGET_MS;
    int rc = 0;
    for (int i = 0; rc == 0 && i < n->count; i++) {
        char *key;
        if (clock_monotonic_ms() > end_ms || ask_stopped(ask)) {
            *more = true;
            break;
        }
        json_t *record = record_of(s, n->jobs[i], &key, err);
        clock_format(n->at_ms[i], l->at);
        l->key = key ? key : "?";
        rc = record ? look_at(l, record, err) : err->kind ? -1 : 0;
        json_decref(record);
        free(key);
    }
    return rc;
}

/* ---- as data ---- */

/* {table: {key: {...}}} as a list, each with its table and key. */
static json_t *missing_list(const json_t *missing)
{
    const char *table, *key;
    json_t *keys, *one, *out = json_array();
    json_object_foreach((json_t *)missing, table, keys) {
        json_object_foreach(keys, key, one) {
            json_t *row = json_pack("{s:s,s:s}", "table", table, "key", key);
            json_object_update(row, one);
            json_array_append_new(out, row);
        }
    }
    return out;
}

static json_t *stopped_list(const json_t *stopped)
{
    const char *number;
    json_t *one, *out = json_array();
    json_object_foreach((json_t *)stopped, number, one)
        json_array_append_new(out, json_pack("{s:I,s:O}", "condition",
                                             (json_int_t)strtoll(number, NULL, 10), "count",
                                             json_object_get(one, "count")));
    return out;
}

static int recent(struct service *s, const struct service_ask *ask, const struct conf *conf,
                  struct looking *l, bool *more, struct koppel_error *err)
{
    int64_t limit = ask_number(ask, "limit");
    struct newest n = {.limit = limit > LIMIT_MAX ? LIMIT_MAX
                                : limit > 0       ? (int)limit
                                                  : LIMIT_DEFAULT};
    l->flow = conf_flow(conf, ask_text(ask, "flow"));
    int rc = !l->flow ? err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "the flow is gone")
                      : find(s, l->flow->name, &n, more, err);
    if (rc == 0 && n.count > 0)
        rc = cases_stage_open(&l->stage, l->flow, err);
    if (rc == 0)
        rc = look_at_all(s, ask, l, &n, more, err);
    cases_stage_close(l->stage);
    newest_done(&n);
    return rc;
}

int flow_recent_show(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    struct looking l = {.stopped = json_object(), .tables = json_object(),
                        .missing = json_object()};
    struct flow_edits e = {0};
    struct conf_report report = {0};
    struct conf *conf = NULL;
    bool more = false;
    int rc = l.stopped && l.tables && l.missing
                 ? flow_edits_open(&e, s, ask_text(ask, "flow"), err) : no_memory(err);
    if (rc == 0)
        rc = flow_edits_apply(&e, json_object_get(ask->in, "edits"), err);
    if (rc == 0)
        conf = flow_edits_load(&e, s, &report);
    if (rc == 0 && conf)
        rc = recent(s, ask, conf, &l, &more, err);
    if (rc == 0)
        *out = json_pack("{s:I,s:I,s:I,s:b,s:o,s:O,s:o,s:o}", "records", (json_int_t)l.records,
                         "pass", (json_int_t)l.pass, "undecided", (json_int_t)l.undecided, "more",
                         more, "stopped", stopped_list(l.stopped), "tables", l.tables, "missing",
                         missing_list(l.missing), "mistakes",
                         conf ? json_array() : lifecycle_mistakes(&report));
    json_decref(l.stopped);
    json_decref(l.tables);
    json_decref(l.missing);
    conf_free(conf);
    conf_report_done(&report);
    flow_edits_done(&e);
    return rc == 0 && !*out ? no_memory(err) : rc;
}
