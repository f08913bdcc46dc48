/* SPDX-License-Identifier: MIT
 * Cases of flows: run, made and accepted by order. */
#include "service/case_orders.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "config/conf_case.h"
#include "config/conf_load.h"
#include "config/conf_source.h"
#include "connection/connection_fetch.h"
#include "flow/again.h"
#include "flow/cases.h"
#include "flow/cases_fake.h"
#include "service/ask.h"
#include "service/lifecycle.h"
#include "service/save.h"

#define NAME_BYTES 64
#define DAY_BYTES 10

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- run ---- */

int case_orders_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    const char *flow = ask_text(ask, "flow"), *name = ask_text(ask, "case");
    struct conf_report report = {0};
    json_t *flows = json_array();
    int rc = flows ? 0 : no_memory(err);
    if (rc == 0 && flow && !ask_flow(s, flow, err))
        rc = -1;
    struct conf *conf = rc == 0 ? conf_load(s->dir, NULL, s->plugins, &report) : NULL;
    for (int i = 0; conf && i < conf->flow_count && rc == 0; i++) {
        const struct conf_flow *f = &conf->flows[i];
        json_t *one = NULL;
        if (flow ? strcmp(flow, f->name) != 0 : f->case_count == 0)
            continue;
        rc = cases_run(conf, f, name, &one, err);
        if (rc == 0)
            rc = json_array_append_new(flows, one);
        if (rc == 0 && name && json_array_size(json_object_get(one, "cases")) == 0)
            rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "flow %s has no case %s", flow,
                            name);
    }
    if (rc == 0)
        *out = json_pack("{s:O,s:o,s:i}", "flows", flows, "mistakes", lifecycle_mistakes(&report),
                         "errors", report.errors);
    json_decref(flows);
    conf_free(conf);
    conf_report_done(&report);
    return rc;
}

/* ---- files ---- */

/* The configuration of the disk under the lock, with what a crash left over finished. NULL and
 * err. */
static struct conf *begin(struct service *s, const struct service_ask *ask, int *lock,
                          const struct conf_flow **flow, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    struct conf_report report = {0};
    bool wrote;
    if (!ask_flow(s, ask_text(ask, "flow"), err) || save_lock(s, lock, err) != 0)
        return NULL;
    int rc = save_recover(&p, s->conf->store_path, &wrote, err);
    struct conf *conf = rc == 0 ? conf_load(s->dir, NULL, s->plugins, &report) : NULL;
    if (conf)
        *flow = conf_flow(conf, ask_text(ask, "flow"));
    else if (rc == 0)
        err_set(err, KOPPEL_E_CONFIG, "%s has %d mistake%s, which koppel check lists: no case can "
                "be run", s->dir, report.errors, report.errors == 1 ? "" : "s");
    if (conf && !*flow)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no flow %s on the disk",
                   ask_text(ask, "flow"));
    conf_report_done(&report);
    if (conf && *flow)
        return conf;
    conf_free(conf);
    save_unlock(*lock);
    return NULL;
}

static void end(struct conf *conf, int lock)
{
    conf_free(conf);
    save_unlock(lock);
}

/* A value as the text of a file; file->now is freed by the caller. */
static int put(struct save_file *file, const char *path, const json_t *value,
               struct koppel_error *err)
{
    const char *why;
    char *lines = json_text_lines(value), *text = NULL;
    int n = lines ? asprintf(&text, "%s\n", lines) : -1;
    free(lines);
    if (n < 0)
        return no_memory(err);
    *file = (struct save_file){.path = path, .now = text, .now_bytes = (size_t)n};
    file->was = conf_source_now(path, &file->was_bytes, &why);
    return 0;
}

static void drop(struct save_file *files, int count)
{
    for (int i = 0; i < count; i++) {
        free((char *)files[i].now);
        free((char *)files[i].was);
    }
}

/* What comes out of the case now, as its output has it. */
static json_t *outcome_of(const struct conf_flow *flow, const struct conf_case *one,
                          json_t **explain, struct koppel_error *err)
{
    json_t *got = NULL;
    if (cases_try(flow, one, &got, err) != 0)
        return NULL;
    if (explain)
        *explain = json_incref(json_object_get(json_object_get(got, "explain"), "get"));
    json_object_del(got, "explain");
    return got;
}

/* ---- accept ---- */

int case_orders_accept(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    const char *name = ask_text(ask, "case");
    const struct conf_flow *flow;
    const struct conf_case *one = NULL;
    struct save_file file = {0};
    struct save_order order = {.files = &file, .count = 1, .how = ask->who->via,
                               .why = "a case was accepted"};
    int lock;
    struct conf *conf = begin(s, ask, &lock, &flow, err);
    if (!conf)
        return -1;
    for (int i = 0; i < flow->case_count; i++) {
        if (strcmp(flow->cases[i].name, name) == 0)
            one = &flow->cases[i];
    }
    int rc = one ? 0
                 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "flow %s has no case %s",
                              flow->name, name);
    json_t *got = rc == 0 ? outcome_of(flow, one, NULL, err) : NULL;
    if (got && json_equal(got, one->out))
        order.count = 0;
    rc = got ? put(&file, one->out_file, got, err) : -1;
    if (rc == 0)
        rc = save_files(s, ask, &order, out, err);
    json_decref(got);
    drop(&file, 1);
    end(conf, lock);
    return rc;
}

/* ---- make ---- */

struct newest {
    char job[JOB_ID_BYTES];
    struct job_id id;
};

static int take_first(void *arg, const struct store_job_row *row)
{
    struct newest *n = arg;
    if (!n->job[0])
        job_id_format((struct job_id){row->flow, row->part, row->off}, n->job);
    return 0;
}

/* The record of the newest job of the key whose payload is kept; NULL: there is none, or err. */
static json_t *read_before(struct service *s, const char *flow, const char *key,
                           struct koppel_error *err)
{
    struct store_job_filter filter = {.flow = flow, .state = -1, .key = key};
    struct store_page page = {.limit = 1};
    struct newest newest = {0};
    struct store_job_row row = {0};
    char name[JOB_ID_BYTES], *payload = NULL;
    int found = 0;
    struct job_id id;
    if (s->store->ops->jobs(s->store, &filter, &page, take_first, &newest, err) != 0 ||
        !newest.job[0] || job_id_parse(newest.job, name, &id) != 0 ||
        s->store->ops->job(s->store, id, &row, &payload, &found, err) != 0)
        return NULL;
    json_t *record = found && payload ? json_read_text(payload, NULL) : NULL;
    json_object_del(record, AGAIN_MARK);
    store_job_row_done(&row);
    free(payload);
    return record;
}

/* The record as the source has it now; NULL and err. */
static json_t *ask_source(struct service *s, const struct conf_flow *flow, const char *key,
                          struct koppel_error *err)
{
    const struct cat_entity *e = catalogue_entity(flow->from->catalogue, flow->from_entity);
    struct koppel_results results = {0};
    json_t *record = NULL;
    if (!(e->can & CAN_FETCH)) {
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "flow %s has read no record %s, and %s "
                   "cannot be asked for one: let the flow read it first", flow->name, key,
                   flow->from->name);
        return NULL;
    }
    struct connection *c = connection_new(flow->from, s->store, err);
    int rc = !c ? -1 : results_init(&results, 1) == 0 ? 0 : no_memory(err);
    if (rc == 0)
        rc = connection_fetch(c, e->name, &key, 1, flow->options, &results, NULL, err);
    const struct result_entry *entry = rc == 0 ? &results.entries[0] : NULL;
    if (entry && entry->err.kind)
        *err = entry->err;
    else if (entry && entry->hit_count == 1 && entry->hits[0].record && !entry->unreadable)
        record = json_incref(entry->hits[0].record);
    else if (entry)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no record %s in %s", key,
                   flow->from->name);
    results_done(&results);
    connection_free(c);
    return record;
}

/* A file's name of what was asked for: letters, digits, "-" and "_". */
static void name_of(const char *word, char out[NAME_BYTES])
{
    size_t n = 0;
    for (; *word && n < NAME_BYTES - 1; word++)
        out[n++] = isalnum((unsigned char)*word) || *word == '_' ? *word : '-';
    out[n] = '\0';
}

/* The case in memory, with what is personal faked; it owns its record. */
static int compose(struct service *s, const struct conf_flow *flow, const char *key,
                   struct conf_case *one, json_t **in, json_t **got, struct koppel_error *err)
{
    char day[CLOCK_TEXT_BYTES];
    json_t *explain = NULL, *record = read_before(s, flow->name, key, err);
    if (!record && err->kind)
        return -1;
    if (!record)
        record = ask_source(s, flow, key, err);
    if (!record)
        return -1;
    clock_format(clock_now_ms(), day);
    day[DAY_BYTES] = '\0';
    one->key = key;
    one->source = record;
    json_t *before = outcome_of(flow, one, &explain, err);
    one->source = before ? cases_fake(record, explain, s->conf->key) : NULL;
    json_decref(explain);
    json_decref(before);
    json_decref(record);
    *got = one->source ? outcome_of(flow, one, NULL, err) : NULL;
    *in = *got ? json_pack("{s:s,s:s,s:O}", "key", key, "day", day, "source", one->source) : NULL;
    return *in ? 0 : err->kind ? -1 : no_memory(err);
}

static int write_case(struct service *s, const struct service_ask *ask,
                      const struct conf_flow *flow, const char *folder, json_t **out,
                      struct koppel_error *err)
{
    const char *key = ask_text(ask, "key"), *named = ask_text(ask, "case");
    char name[NAME_BYTES], *in_file = NULL, *out_file = NULL;
    struct conf_case one = {0};
    struct save_file files[2] = {{0}};
    struct save_order order = {.files = files, .count = 2, .how = ask->who->via,
                               .why = "a case was made of a record"};
    json_t *in = NULL, *got = NULL;
    name_of(named ? named : key, name);
    int rc = asprintf(&in_file, "%s/%s" CONF_CASE_IN, folder, name) > 0 &&
                     asprintf(&out_file, "%s/%s" CONF_CASE_OUT, folder, name) > 0
                 ? 0 : no_memory(err);
    if (rc == 0)
        rc = compose(s, flow, key, &one, &in, &got, err);
    if (rc == 0 && mkdir(folder, 0777) != 0 && errno != EEXIST)
        rc = err_set(err, KOPPEL_E_CONFIG, "%s: %s", folder, strerror(errno));
    if (rc == 0 && (put(&files[0], in_file, in, err) != 0 ||
                    put(&files[1], out_file, got, err) != 0))
        rc = -1;
    if (rc == 0 && files[0].was)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                        "flow %s has a case %s already; give another name", flow->name, name);
    if (rc == 0)
        rc = save_files(s, ask, &order, out, err);
    if (rc == 0)
        json_object_set_new(*out, "case", json_string(name));
    drop(files, 2);
    json_decref(in);
    json_decref(got);
    json_decref(one.source);
    free(in_file);
    free(out_file);
    return rc;
}

int case_orders_make(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    const struct conf_flow *flow;
    int lock;
    struct conf *conf = begin(s, ask, &lock, &flow, err);
    if (!conf)
        return -1;
    int rc = write_case(s, ask, flow, flow->case_folder, out, err);
    end(conf, lock);
    return rc;
}
