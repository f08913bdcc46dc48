/* SPDX-License-Identifier: MIT
 * Orders to run flows now: one way, whether an engine serves or was opened for it. */
#include "service/flows_run.h"

#include <string.h>

#include "engine/run_now.h"
#include "service/ask.h"
#include "service/flows.h"

#define WAIT_DEFAULT_MS (90 * 1000) /* longer than the default quiet time */

static int tell(void *arg, const struct run_now_progress *p)
{
    const struct service_ask *ask = arg;
    json_t *total = p->total < 0 ? json_null() : json_integer(p->total);
    return ask_tell(ask, json_pack("{s:s,s:I,s:I,s:I,s:o}", "flow", p->flow, "read",
                                   (json_int_t)p->read, "settled", (json_int_t)p->settled,
                                   "looked", (json_int_t)p->looked, "total", total))
               ? 0 : -1;
}

int flows_run_one(struct service *s, const struct service_ask *ask, const char *flow,
                  json_t **out, struct koppel_error *err)
{
    int64_t wait_ms = ask_number(ask, "wait_ms");
    struct run_now_order order = {.flow = flow,
                                  .wait_ms = wait_ms < 0 ? WAIT_DEFAULT_MS : wait_ms,
                                  .who = ask->who->name,
                                  .tell = ask->tell ? tell : NULL,
                                  .arg = (void *)ask,
                                  .gone = ask->stop};
    struct koppel_error why = {0};
    struct run_result result;
    int rc = run_now(s->engine, &order, &result, &why);
    if (rc != 0 && why.kind == KOPPEL_E_CANCELLED) {
        *err = why;
        return -1;
    }
    json_t *row = flows_counts(s->store, flow, err);
    json_t *facts = result.facts ? result.facts : json_null();
    json_t *error = rc != 0 ? json_pack("{s:s,s:o,s:o}", "kind", err_kind_name(why.kind), "reason",
                                        json_string_nocheck(why.reason), "text",
                                        json_string_nocheck(why.text))
                            : json_null();
    int failed = json_object_set_new(row, "run", facts);
    failed |= json_object_set_new(row, "error", error);
    if (failed) {
        json_decref(row);
        return row ? err_set(err, KOPPEL_E_BUG, "out of memory") : -1;
    }
    *out = row;
    return 0;
}

/* Runs one and adds its row. -1: it makes no sense to go on. */
static int run_one(struct service *s, const struct service_ask *ask, const char *flow,
                   json_t *rows, struct koppel_error *err)
{
    json_t *row;
    if (flows_run_one(s, ask, flow, &row, err) != 0)
        return -1;
    if (json_array_append(rows, row) != 0) {
        json_decref(row);
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    (void)ask_tell(ask, json_pack("{s:o}", "over", row));
    return 0;
}

/* Adds the names of what is to run. */
static int choose(struct service *s, const struct service_ask *ask, json_t *names,
                  struct koppel_error *err)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(ask->in, "flows"), i, name) {
        if (!ask_flow(s, json_string_value(name), err))
            return -1;
        (void)json_array_append(names, name);
    }
    for (int n = 0; ask_flag(ask, "all") && n < s->conf->flow_count; n++) {
        if (s->conf->flows[n].enabled || s->conf->flows[n].failing)
            (void)json_array_append_new(names, json_string(s->conf->flows[n].name));
    }
    if (json_array_size(names) > 0)
        return 0;
    return ask_flag(ask, "all")
               ? err_set(err, KOPPEL_E_CONFIG, "no flow is enabled in %s", s->dir)
               : err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "flows.run: which flows?");
}

int flows_run(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    json_t *names = json_array(), *rows = json_array(), *name;
    size_t i;
    int rc = names && rows ? choose(s, ask, names, err)
                           : err_set(err, KOPPEL_E_BUG, "out of memory");
    bool stopped = false;
    json_array_foreach(names, i, name) {
        stopped = stopped || atomic_load(&s->engine->stop);
        if (rc == 0 && !stopped)
            rc = run_one(s, ask, json_string_value(name), rows, err);
    }
    if (rc != 0 && err->kind == KOPPEL_E_CANCELLED && atomic_load(&s->engine->stop)) {
        stopped = true;
        rc = 0;
    }
    stopped = stopped || atomic_load(&s->engine->stop);
    if (rc == 0)
        *out = json_pack("{s:O,s:b}", "flows", rows, "stopped", stopped);
    json_decref(names);
    json_decref(rows);
    return rc;
}
