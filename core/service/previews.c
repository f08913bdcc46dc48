/* SPDX-License-Identifier: MIT
 * Previews, of the engine's own connections. */
#include "service/previews.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "flow/preview.h"
#include "service/ask.h"

#define LIMIT_DEFAULT 5
#define LIMIT_MAX 1000 /* as all of them are one answer */

static int wrong(struct koppel_error *err, const char *what)
{
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s", what);
}

struct showing {
    const struct service_ask *ask;
    json_t *rows;
};

static int take_row(void *arg, json_t *row)
{
    struct showing *s = arg;
    return ask_stopped(s->ask) ? -1 : json_array_append(s->rows, row);
}

/* ---- which records ---- */

/* The record as it was read for that job, or as a person edited it. */
static int show_job(struct service *s, struct preview *p, const char *job, struct koppel_error *err)
{
    struct job_id id;
    struct store_job_row row = {0};
    char flow[JOB_ID_BYTES], *payload = NULL;
    int found = 0, rc;
    if (job_id_parse(job, flow, &id) != 0 || strcmp(flow, p->flow->conf->name) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "\"%s\" is no job of flow %s",
                          job, p->flow->conf->name);
    if (s->store->ops->job(s->store, id, &row, &payload, &found, err) != 0)
        return -1;
    json_t *source = payload ? json_read_text(payload, NULL) : NULL;
    if (!found)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no job %s", job);
    else if (!source)
        rc = err_reason(err, KOPPEL_E_REJECTED, "erased", "%s: its record was erased by retention",
                        job);
    else
        rc = preview_record(p, row.key, row.version, source, err);
    json_decref(source);
    free(payload);
    store_job_row_done(&row);
    return rc;
}

static int show_records(struct preview *p, const json_t *records, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)records, i, one) {
        if (preview_record(p, NULL, 0, one, err) != 0)
            return err_prefix(err, "record %zu", i + 1);
    }
    return 0;
}

static int show(struct service *s, const struct service_ask *ask, struct preview *p,
                struct koppel_error *err)
{
    const char *key = ask_text(ask, "key"), *job = ask_text(ask, "job");
    const json_t *records = json_object_get(ask->in, "records");
    int64_t limit = ask_number(ask, "limit");
    if ((key != NULL) + (job != NULL) + (records != NULL) + (limit > 0) > 1)
        return wrong(err, "one of key, job, records and limit");
    if (limit > LIMIT_MAX || json_array_size(records) > LIMIT_MAX)
        return wrong(err, "at most 1000 records");
    return key       ? preview_key(p, key, err)
           : job     ? show_job(s, p, job, err)
           : records ? show_records(p, records, err)
                     : preview_first(p, limit > 0 ? (int)limit : LIMIT_DEFAULT, err);
}

int previews_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    const struct conf_flow *conf = ask_flow(s, ask_text(ask, "flow"), err);
    struct flow flow;
    struct showing showing = {ask, json_array()};
    if (!showing.rows)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (conf && conf->cannot)
        err_set(err, KOPPEL_E_CONFIG, "flow %s: %s", conf->name, conf->cannot);
    if (!conf || conf->cannot) {
        json_decref(showing.rows);
        return -1;
    }
    int rc = flow_init(&flow, conf, engine_connection(s->engine, conf->from),
                       engine_connection(s->engine, conf->to), s->store, &s->engine->stop, err);
    if (rc == 0) {
        struct preview p = {.flow = &flow, .how = (ask_flag(ask, "check") ? PREVIEW_CHECK : 0) |
                                   (ask_flag(ask, "alone") ? PREVIEW_ALONE : 0),
                            .visit = take_row, .arg = &showing};
        flow.silent = true;
        preview_init(&p);
        rc = show(s, ask, &p, err);
        preview_done(&p);
    }
    flow_done(&flow);
    if (rc == 0)
        *out = json_pack("{s:s,s:O}", "flow", conf->name, "rows", showing.rows);
    json_decref(showing.rows);
    return rc;
}
