/* SPDX-License-Identifier: MIT
 * One job from what was read through every attempt. */
#include "service/activity.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "engine/revision.h"
#include "mapping/map_core.h"
#include "mapping/map_recorder.h"
#include "service/ask.h"
#include "service/field_titles.h"
#include "service/jobs.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static json_t *parsed(const char *text)
{
    json_t *value = text ? json_read_text(text, NULL) : NULL;
    return value ? value : json_null();
}

/* ---- what is known of a job ---- */

struct known {
    char flow[JOB_ID_BYTES];
    struct job_id id;
    struct store_job_row row;
    char *payload;                  /* as it was read; NULL: erased */
    char *record, *edited_by, *why; /* what a person made of it; NULL: nothing */
    json_t *attempts;
};

static void known_done(struct known *k)
{
    store_job_row_done(&k->row);
    free(k->payload);
    free(k->record);
    free(k->edited_by);
    free(k->why);
    json_decref(k->attempts);
}

static int add_attempt(void *arg, const struct store_activity *a)
{
    char at[CLOCK_TEXT_BYTES];
    clock_format(a->at_ms, at);
    return json_array_append_new(arg, json_pack("{s:s,s:i,s:o}", "at", at, "attempt", a->attempt,
                                                "activity", parsed(a->steps)));
}

/* Freed by known_done, also after -1. */
static int look(struct service *s, const char *job, struct known *k, struct koppel_error *err)
{
    const struct store_ops *ops = s->store->ops;
    int found = 0;
    *k = (struct known){.attempts = json_array()};
    if (!k->attempts)
        return no_memory(err);
    if (job_id_parse(job, k->flow, &k->id) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "\"%s\" is no job, which is FLOW/PART/NUMBER; koppel jobs lists them",
                          job);
    if (ops->job(s->store, k->id, &k->row, &k->payload, &found, err) != 0)
        return -1;
    if (!found && !ask_flow(s, k->flow, err))
        return -1;
    if (!found)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                          "there is no job %s; koppel jobs lists them", job);
    if (k->row.edited &&
        ops->edited(s->store, k->id, &k->record, &k->edited_by, &k->why, err) != 0)
        return -1;
    return ops->activity(s->store, k->id, add_attempt, k->attempts, err);
}

/* ---- show ---- */

static int add_revisions(struct service *s, struct known *k, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    size_t i;
    json_t *attempt;
    json_array_foreach(k->attempts, i, attempt) {
        json_t *steps = json_object_get(attempt, "activity");
        const char *version = json_string_value(json_object_get(steps, "config_version"));
        int64_t seq = 0;
        if (version && revision_of_version(&p, k->flow, version, &seq, err) != 0)
            return -1;
        json_object_set_new(attempt, "revision", seq > 0 ? json_integer(seq) : json_null());
    }
    return 0;
}

int activity_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct known k;
    json_t *row = NULL;
    int rc = look(s, ask_text(ask, "job"), &k, err);
    if (rc == 0)
        rc = add_revisions(s, &k, err);
    if (rc == 0)
        row = jobs_row(s, &k.row);
    if (rc == 0 && !row)
        rc = no_memory(err);
    if (rc == 0) {
        json_object_set_new(row, "source", parsed(k.payload));
        json_object_set_new(row, "record", parsed(k.record));
        json_object_set_new(row, "edited_by", ask_json_text(k.edited_by));
        json_object_set_new(row, "edited_why", ask_json_text(k.why));
        json_object_set(row, "attempts", k.attempts);
        *out = row;
    }
    known_done(&k);
    return rc;
}

/* ---- explain ---- */

/* The core record of the last attempt that came so far, borrowed; NULL: there is none. */
static json_t *last_core(const struct known *k)
{
    for (size_t i = json_array_size(k->attempts); i > 0; i--) {
        json_t *steps = json_object_get(json_array_get(k->attempts, i - 1), "activity");
        json_t *core = json_object_get(steps, "core");
        if (json_is_object(core))
            return core;
    }
    return NULL;
}

/* What the rules refuse is part of the rows. */
static int explain(const struct conf_flow *flow, const json_t *source, json_t *known_core,
                   struct map_recorder *get, struct map_recorder *send, struct koppel_error *err)
{
    struct koppel_error refused = {0};
    json_t *core = NULL, *made = NULL;
    char *dropped = NULL;
    struct map_tell tell = {.recorder = get};
    int rc = map_core(flow, source, &tell, &core, &dropped, &refused);
    json_t *view = json_copy(known_core ? known_core : core);
    if (view) {
        json_object_set(view, "settings", flow->settings);
        tell.recorder = send;
        (void)map_apply(&flow->send, view, MAP_CREATE, &tell, &made, &refused);
    }
    rc = refused.kind && refused.kind != KOPPEL_E_REJECTED ? -1 : 0;
    if (rc != 0)
        *err = refused;
    free(dropped);
    json_decref(core);
    json_decref(view);
    json_decref(made);
    return rc;
}

int activity_explain(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    struct known k;
    struct map_recorder get = {0}, send = {0};
    int rc = look(s, ask_text(ask, "job"), &k, err);
    const struct conf_flow *flow = rc == 0 ? ask_flow(s, k.flow, err) : NULL;
    const char *text = k.record ? k.record : k.payload;
    json_t *source = text ? json_read_text(text, NULL) : NULL;
    if (rc == 0 && !flow)
        rc = -1;
    if (rc == 0 && !source)
        rc = err_reason(err, KOPPEL_E_REJECTED, "erased",
                        "what was read was erased with age, or cannot be read as a record");
    if (rc == 0 && (map_recorder_init(&get) != 0 || map_recorder_init(&send) != 0))
        rc = no_memory(err);
    if (rc == 0)
        rc = explain(flow, source, last_core(&k), &get, &send, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:O,s:O,s:o}", "version", flow->version, "get", get.rows, "send",
                         send.rows, "titles", field_titles(flow, get.rows, send.rows));
    map_recorder_done(&get);
    map_recorder_done(&send);
    json_decref(source);
    known_done(&k);
    return rc == 0 && !*out ? no_memory(err) : rc;
}
