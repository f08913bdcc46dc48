/* SPDX-License-Identifier: MIT
 * Questions and orders about flows. */
#include "service/flows.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/flow_state.h"
#include "engine/pause.h"
#include "engine/runs.h"
#include "flow/direction.h"
#include "flow/flow.h"
#include "flow/remedy.h"
#include "service/ask.h"
#include "service/flow_fields.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- status ---- */

static int add_reason(void *arg, enum job_state state, const char *reason, int64_t count)
{
    const char *remedy = state == JOB_PARKED ? remedy_for(reason) : "";
    return json_array_append_new(arg, json_pack("{s:s,s:o,s:I,s:s}", "state", job_state_name(state),
                                                "reason", ask_json_text(reason), "count",
                                                (json_int_t)count, "remedy", remedy));
}

/* To the second: who asks again gets the same answer, though a millisecond has passed between the
 * looks at two clocks. */
static json_t *moment_in(struct store *store, int64_t in_ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (in_ms < 0)
        return json_null();
    int64_t at_ms = store->ops->now_ms(store) + in_ms;
    clock_format((at_ms + 500) / 1000 * 1000, text);
    return json_string(text);
}

json_t *flows_counts(struct store *store, const char *flow, struct koppel_error *err)
{
    struct store_counts c = {0};
    char *paused = NULL;
    int64_t due_in_ms = -1;
    json_t *reasons = json_array(), *row = NULL;
    if (!reasons)
        no_memory(err);
    else if (store->ops->counts(store, flow, &c, err) == 0 &&
             store->ops->reasons(store, flow, add_reason, reasons, err) == 0 &&
             (c.waiting == 0 ||
              store->ops->next_due(store, &flow, 1, &due_in_ms, err) == 0) &&
             flow_paused(store, flow, &paused, err) == 0)
        row = json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:O}", "flow", ask_json_text(flow),
                        "read", (json_int_t)c.read, "done", (json_int_t)c.done, "skipped",
                        (json_int_t)c.skipped, "parked", (json_int_t)c.parked, "waiting",
                        (json_int_t)c.waiting, "pending", (json_int_t)c.pending, "due",
                        moment_in(store, due_in_ms), "paused", ask_json_text(paused), "reasons",
                        reasons);
    free(paused);
    json_decref(reasons);
    return row;
}

bool flows_are_open(const json_t *counts)
{
    static const char *const open[] = {"parked", "waiting", "pending"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        if (json_integer_value(json_object_get(counts, open[i])) > 0)
            return true;
    }
    return json_is_string(json_object_get(counts, "paused"));
}

/* A call into a plugin that does not come back, as the engine has noted it. */
static int add_blocked(void *arg, const char *name, const char *words)
{
    return json_array_append_new(
        arg, json_pack("{s:o,s:o}", "connection",
                       ask_json_text(name + strlen(CONNECTION_BLOCKED)), "blocked",
                       ask_json_text(words)));
}

static const char *state_of(struct service *s, const struct conf_flow *flow, bool paused,
                            int64_t *next_in_ms)
{
    static const char *const names[] = {[FLOW_STATE_OFF] = "off",
                                        [FLOW_STATE_WAITING] = "waiting",
                                        [FLOW_STATE_RUNNING] = "running",
                                        [FLOW_STATE_RESTING] = "backing off",
                                        [FLOW_STATE_PAUSED] = "paused"};
    *next_in_ms = -1;
    if (s->serves && !s->whole)
        return "safe mode";
    if (flow->failing)
        return "cases fail";
    if (flow->lacks)
        return "not here";
    enum flow_state state = s->serves ? flow_state(s->engine, flow->name, next_in_ms)
                                      : FLOW_STATE_OFF;
    if (!flow->enabled)
        return names[state]; /* one that is off may be run by hand */
    if (paused && state != FLOW_STATE_RUNNING)
        return names[FLOW_STATE_PAUSED];
    return s->serves ? names[state] : "stopped";
}

/* Did it fail since it was well the last time? One that is off is nobody's concern. */
static bool is_failing(const json_t *row)
{
    const char *good = json_string_value(json_object_get(row, "last_good"));
    const char *bad = json_string_value(json_object_get(json_object_get(row, "last_error"), "at"));
    int64_t good_ms = 0, bad_ms = 0;
    if (!bad || !json_is_true(json_object_get(row, "enabled")) || clock_parse(bad, &bad_ms) != 0)
        return false;
    return !good || clock_parse(good, &good_ms) != 0 || bad_ms > good_ms;
}

/* The more a flow needs a person the higher. */
static int rank_of(const json_t *row)
{
    const char *why = json_string_value(json_object_get(row, "paused"));
    if (json_is_string(json_object_get(row, "cases_fail")) ||
        json_is_string(json_object_get(row, "lacks")))
        return 16;
    if (!json_is_true(json_object_get(row, "enabled")))
        return 0;
    return (why ? 8 : 0) + (json_is_true(json_object_get(row, "failing")) ? 8 : 0) +
           (json_integer_value(json_object_get(row, "parked")) > 0 ? 4 : 0) +
           (json_integer_value(json_object_get(row, "waiting")) > 0 ? 2 : 0) + 1;
}

/* The worst first; those that are alike stay in their order. */
static void sort_rows(json_t *rows)
{
    for (size_t i = 1; i < json_array_size(rows); i++) {
        json_t *row = json_incref(json_array_get(rows, i));
        size_t to = i;
        while (to > 0 && rank_of(json_array_get(rows, to - 1)) < rank_of(row))
            to--;
        json_array_remove(rows, i);
        (void)json_array_insert_new(rows, to, row);
    }
}

/* The row of a flow. NULL and err. */
static json_t *flow_row(struct service *s, const struct conf_flow *flow, struct koppel_error *err)
{
    static const char *const own[] = {"last_good", "last_error"};
    json_t *row = flows_counts(s->store, flow->name, err), *last = NULL;
    int64_t next_in_ms;
    if (!row || runs_last(s->store, flow->name, &last, err) != 0) {
        json_decref(row);
        return NULL;
    }
    bool paused = json_is_string(json_object_get(row, "paused"));
    const char *state = state_of(s, flow, paused, &next_in_ms);
    json_object_set_new(row, "enabled", json_boolean(flow->enabled));
    json_object_set_new(row, "from", flow_fields_end(flow->from, flow->from_entity));
    json_object_set_new(row, "to", flow_fields_end(flow->to, flow->to_entity));
    json_object_set_new(row, "state", json_string(state));
    json_object_set_new(row, "cases_fail", ask_json_text(flow->failing));
    json_object_set_new(row, "lacks", ask_json_text(flow->lacks));
    json_object_set_new(row, "next_run", moment_in(s->store, next_in_ms));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        json_t *value = json_object_get(last, own[i]);
        json_object_set_new(row, own[i], value ? json_incref(value) : json_null());
        json_object_del(last, own[i]);
    }
    json_object_set_new(row, "last_run", last ? last : json_null());
    json_object_set_new(row, "failing", json_boolean(is_failing(row)));
    return row;
}

/* Those of the configuration on disk. */
static json_t *mistakes_of(struct service *s)
{
    json_t *mistakes = NULL;
    if (s->engine) {
        pthread_mutex_lock(&s->engine->lock);
        mistakes = json_incref(s->engine->mistakes);
        pthread_mutex_unlock(&s->engine->lock);
    }
    return mistakes ? mistakes : json_array();
}

/* Are there such flows? */
static int check_asked(struct service *s, const struct service_ask *ask, struct koppel_error *err)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(ask->in, "flows"), i, name) {
        if (!ask_flow(s, json_string_value(name), err))
            return -1;
    }
    return 0;
}

static bool is_asked(const struct service_ask *ask, const char *flow)
{
    size_t i;
    json_t *name, *names = json_object_get(ask->in, "flows");
    json_array_foreach(names, i, name) {
        if (strcmp(json_string_value(name), flow) == 0)
            return true;
    }
    return json_array_size(names) == 0;
}

int flows_status(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    json_t *flows = json_array(), *blocked = json_array();
    int rc = flows && blocked ? check_asked(s, ask, err) : no_memory(err);
    for (int i = 0; i < s->conf->flow_count && rc == 0; i++) {
        if (!is_asked(ask, s->conf->flows[i].name))
            continue;
        json_t *row = flow_row(s, &s->conf->flows[i], err);
        rc = row ? json_array_append_new(flows, row) : -1;
    }
    sort_rows(flows);
    if (rc == 0)
        rc = s->store->ops->notes(s->store, CONNECTION_BLOCKED, add_blocked, blocked, err);
    if (rc == 0)
        *out = json_pack("{s:O,s:O,s:b,s:b,s:o}", "flows", flows, "connections", blocked, "serves",
                         s->serves, "safe", s->serves && !s->whole, "mistakes", mistakes_of(s));
    json_decref(flows);
    json_decref(blocked);
    return rc;
}

/* ---- pauses ---- */

int flows_pause(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    const char *why = ask_text(ask, "why");
    const struct conf_flow *flow = ask_flow(s, ask_text(ask, "flow"), err);
    char *words = NULL; /* of a person: never taken for a pause that ends by itself */
    if (!flow)
        return -1;
    if (asprintf(&words, "by hand%s%s", why ? ": " : "", why ? why : "") < 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = pause_flow(s->store, flow->name, words, err);
    free(words);
    if (rc != 0 || direction_release(s->store, flow->name, err) != 0)
        return -1;
    *out = json_pack("{s:s}", "flow", flow->name);
    return 0;
}

int flows_resume(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    const struct conf_flow *flow = ask_flow(s, ask_text(ask, "flow"), err);
    if (!flow || pause_resume(s->store, flow->name, err) != 0)
        return -1;
    *out = json_pack("{s:s}", "flow", flow->name);
    return 0;
}
