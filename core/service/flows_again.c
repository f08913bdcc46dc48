/* SPDX-License-Identifier: MIT
 * Orders to read records again on purpose. */
#include "service/flows_again.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "flow/again.h"
#include "flow/resend.h"
#include "service/ask.h"
#include "service/flows_run.h"

static int wrong(struct koppel_error *err, const char *what)
{
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s", what);
}

int flows_again_day(const char *text, char out[DATE_TEXT_BYTES], struct koppel_error *err)
{
    struct date d;
    if (date_parse(text, &d, NULL) != 0 || d.has_time)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "\"%s\" is no day such as 2026-11-26", text);
    date_format_day(&d, out);
    return 0;
}

/* Leaves the order and lets the flow run, which carries it out. */
static int go(struct service *s, const struct service_ask *ask, const char *flow,
              const struct again_order *order, json_t **out, struct koppel_error *err)
{
    json_t *row, *state;
    if (again_put(s->store, flow, ask->who->name, order, err) != 0 ||
        flows_run_one(s, ask, flow, &row, err) != 0)
        return -1;
    int rc = again_state(s->store, flow, &state, err);
    if (rc == 0 && json_object_set_new(row, "again", state) != 0)
        rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    if (rc == 0)
        *out = json_pack("{s:O,s:b}", "flow", row, "stopped",
                         (int)atomic_load(&s->engine->stop));
    json_decref(row);
    return rc;
}

/* Each once, in their order; a new reference. */
static json_t *each_once(const json_t *keys)
{
    json_t *seen = json_object(), *once = json_array(), *key;
    size_t i;
    bool failed = !seen || !once;
    json_array_foreach(keys, i, key) {
        const char *text = json_string_value(key);
        if (failed || json_object_get(seen, text))
            continue;
        failed = json_object_set_new_nocheck(seen, text, json_true()) != 0 ||
                 json_array_append(once, key) != 0;
    }
    json_decref(seen);
    if (!failed)
        return once;
    json_decref(once);
    return NULL;
}

int flows_again_keys(struct service *s, const struct service_ask *ask, const char *flow,
                     const json_t *keys, const char *how, json_t **out, struct koppel_error *err)
{
    json_t *once = each_once(keys);
    struct again_order order = {.keys = once, .how = how};
    int rc = once ? go(s, ask, flow, &order, out, err)
                  : err_set(err, KOPPEL_E_BUG, "out of memory");
    json_decref(once);
    return rc;
}

int flows_again(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    char day[DATE_TEXT_BYTES];
    const char *flow = ask_text(ask, "flow"), *since = ask_text(ask, "since");
    const json_t *keys = json_object_get(ask->in, "keys");
    struct again_order order = {.since = since ? day : NULL};
    if (!ask_flow(s, flow, err))
        return -1;
    if ((since != NULL) == (keys != NULL))
        return wrong(err, "flows.again: since which day, or which keys?");
    if (keys && json_array_size(keys) == 0)
        return wrong(err, "flows.again: there is no key among these");
    if (since && flows_again_day(since, day, err) != 0)
        return -1;
    return keys ? flows_again_keys(s, ask, flow, keys, AGAIN_LOOK, out, err)
                : go(s, ask, flow, &order, out, err);
}

/* ---- what would change ---- */

static int tell(void *arg, const char *side, int64_t read, int64_t total)
{
    const struct service_ask *ask = arg;
    json_t *of = total < 0 ? json_null() : json_integer(total);
    json_t *progress =
        json_pack("{s:s,s:I,s:o}", "side", side, "read", (json_int_t)read, "total", of);
    bool there = ask_tell(ask, progress);
    return there || (!ask->tell && !ask_stopped(ask)) ? 0 : -1;
}

int flows_again_plan(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    char day[DATE_TEXT_BYTES];
    const char *since = ask_text(ask, "since");
    const struct conf_flow *conf = ask_flow(s, ask_text(ask, "flow"), err);
    struct flow flow;
    if (!conf || (since && flows_again_day(since, day, err) != 0))
        return -1;
    int rc = flow_init(&flow, conf, engine_connection(s->engine, conf->from),
                       engine_connection(s->engine, conf->to), s->store, &s->engine->stop, err);
    flow.silent = true;
    if (rc == 0)
        rc = resend_plan(&flow, since ? day : NULL, tell, (void *)ask, out, err);
    flow_done(&flow);
    return rc;
}
