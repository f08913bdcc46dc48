/* SPDX-License-Identifier: MIT
 * Reconciling: both systems are asked, through a store in memory that is forgotten. */
#include "service/reconciling.h"

#include <stdlib.h>
#include <string.h>

#include "alert/alert_look.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "flow/again.h"
#include "reconcile/reconcile_read.h"
#include "reconcile/reconcile_report.h"
#include "service/ask.h"
#include "service/flows_again.h"
#include "service/reconciling_kept.h"
#include "store/store_memory.h"

/* ---- the period ---- */

static int today(const struct conf *conf, struct date *out)
{
    int rc = date_from_unix_ms(clock_now_ms(), out);
    out->has_time = out->has_offset = true;
    return rc == 0 ? date_home(out, zone_find(conf->home.zone)) : -1;
}

static int period(struct service *s, const struct service_ask *ask, struct reconcile *r,
                  struct koppel_error *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    const char *last = ask_text(ask, "to");
    struct date d;
    if (flows_again_day(ask_text(ask, "from"), from, err) != 0 ||
        (last && flows_again_day(last, to, err) != 0))
        return -1;
    if (!last) {
        if (today(s->conf, &d) != 0)
            return err_set(err, KOPPEL_E_BUG, "today is no day of this calendar");
        date_format_day(&d, to);
    }
    r->from = reconcile_document_day(from);
    r->to = reconcile_document_day(to);
    if (r->to < r->from)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s comes before %s", to, from);
    if (r->to - r->from >= RECONCILE_DAYS_MAX)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "a period of more than %d days is too long", RECONCILE_DAYS_MAX);
    return 0;
}

/* ---- what is known of a missing document ---- */

#define UNDER_WAY_MS (60 * 60 * 1000) /* since it was read; then it is missing */

struct where {
    struct store *store;
    const char *flow;
    bool paused; /* nothing of it is under way */
    json_t *row;
    bool under_way;
};

static int take_job(void *arg, const struct store_job_row *job)
{
    struct where *w = arg;
    char id[JOB_ID_BYTES];
    (void)job_id_format((struct job_id){job->flow, job->part, job->off}, id);
    (void)json_object_set_new(w->row, "job", json_string(id));
    (void)json_object_set_new(w->row, "state", json_string(job_state_name(job->state)));
    (void)json_object_set_new(w->row, "reason", ask_json_text(job->reason));
    bool open = job->state == JOB_NEW || job->state == JOB_WAITING;
    w->under_way = open && !w->paused &&
                   w->store->ops->now_ms(w->store) - job->at_ms < UNDER_WAY_MS;
    return 0;
}

static int place(void *arg, const char *key, json_t *row)
{
    struct where *w = arg;
    struct koppel_error ignored = {0};
    struct store_job_filter filter = {.flow = w->flow, .state = -1, .key = key};
    struct store_page page = {.limit = 1};
    w->row = row;
    w->under_way = false;
    if (w->store->ops->jobs(w->store, &filter, &page, take_job, w, &ignored) != 0)
        return -1;
    return w->under_way;
}

/* ---- both sides ---- */

struct telling {
    const struct service_ask *ask;
    struct engine *engine;
};

static int tell(void *arg, const char *side, int64_t read, int64_t total)
{
    const struct telling *t = arg;
    json_t *of = total < 0 ? json_null() : json_integer(total);
    if (ask_stopped(t->ask) || atomic_load(&t->engine->stop))
        return -1;
    json_t *progress =
        json_pack("{s:s,s:I,s:o}", "side", side, "read", (json_int_t)read, "total", of);
    return t->ask->tell ? (ask_tell(t->ask, progress) ? 0 : -1) : (json_decref(progress), 0);
}

static int compare(struct service *s, struct reconcile *r, json_t **out, struct koppel_error *err)
{
    struct where w = {.store = s->store, .flow = r->flow->conf->name};
    char *why = NULL;
    if (reconcile_read(r, err) != 0) {
        /* what only this question cannot be asked of is the asker's mistake */
        if (strcmp(err->reason, "reconcile.kind") == 0)
            (void)err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s", err->text);
        return -1;
    }
    if (flow_paused(s->store, w.flow, &why, err) != 0)
        return -1;
    w.paused = why != NULL;
    free(why);
    *out = reconcile_report(r, place, &w);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* What differs stands in the alerts until another comparison finds nothing. */
static void tell_alerts(struct service *s, const struct conf_flow *conf, const json_t *report)
{
    struct koppel_error problem = {0};
    int64_t count = json_integer_value(json_object_get(report, "differences"));
    if (alert_look_told(s->store, CONF_ALERT_DIFFERENCE, conf->name, count, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "alert", .flow = conf->name, .reason = problem.reason),
                    "what differs is not told: %s", problem.text);
}

int reconciling_compare(struct service *s, const struct service_ask *ask, json_t **out,
                        struct koppel_error *err)
{
    const struct conf_flow *conf = ask_flow(s, ask_text(ask, "flow"), err);
    struct telling telling = {ask, s->engine};
    struct reconcile r = {.tell = tell, .arg = &telling};
    atomic_bool stop = false;
    struct store *nothing = NULL;
    struct flow f;
    if (!conf || period(s, ask, &r, err) != 0 ||
        store_memory.open(&(struct store_conf){0}, STORE_ENGINE, &nothing, err) != 0)
        return -1;
    int rc = flow_init(&f, conf, engine_connection(s->engine, conf->from),
                       engine_connection(s->engine, conf->to), nothing, &stop, err);
    r.flow = &f;
    if (rc == 0)
        rc = compare(s, &r, out, err);
    if (rc == 0) {
        tell_alerts(s, conf, *out);
        reconciling_kept_add(s, ask, *out);
    }
    reconcile_done(&r);
    flow_done(&f);
    nothing->ops->close(nothing);
    return rc;
}

int reconciling_queue(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    const char *flow = ask_text(ask, "flow");
    const json_t *keys = json_object_get(ask->in, "keys");
    if (!ask_flow(s, flow, err))
        return -1;
    if (json_array_size(keys) == 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "reconcile.queue: there is no key among these");
    return flows_again_keys(s, ask, flow, keys, AGAIN_MAKE, out, err);
}
