/* SPDX-License-Identifier: MIT
 * Everything that is shown of an engine. */
#include "metrics/metrics_collect.h"

#include "engine/revision.h"
#include "metrics/metrics_alerts.h"
#include "metrics/metrics_flows.h"
#include "metrics/metrics_peers.h"
#include "metrics/metrics_process.h"
#include "metrics/metrics_store.h"
#include "metrics/metrics_text.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

static int add_config(struct buf *out, struct engine *e, const struct generation *g,
                      struct koppel_error *err)
{
    const struct revision_place place = {e->store, e->key, g->conf->dir};
    json_t *revision = NULL;
    if (revision_get(&place, 0, &revision, err) != 0)
        return -1;
    if (revision) {
        metrics_text_family(out, "koppel_config_revision", "gauge",
                            "Number of the configuration that was active last");
        metrics_text_number(out, "koppel_config_revision", NULL,
                            json_integer_value(json_object_get(revision, "revision")));
    }
    json_decref(revision);
    pthread_mutex_lock(&e->lock);
    int64_t mistakes = (int64_t)json_array_size(e->mistakes);
    pthread_mutex_unlock(&e->lock);
    metrics_text_family(out, "koppel_config_mistakes", "gauge",
                        "Mistakes of the configuration on disk, which is not active for them");
    metrics_text_number(out, "koppel_config_mistakes", NULL, mistakes);
    metrics_text_family(out, "koppel_safe_mode", "gauge",
                        "1 while no flow runs, as the configuration has mistakes");
    metrics_text_number(out, "koppel_safe_mode", NULL, !g->conf->whole);
    return 0;
}

static void add_request(void *arg, const struct meter_row *row)
{
    metrics_text_number(arg, "koppel_http_requests_total",
                        METRICS_TEXT_LABELS({"route", row->words[0]}, {"code", row->words[1]}),
                        row->count);
}

static void add_sum(void *arg, const struct meter_row *row)
{
    *(int64_t *)arg += row->sum;
}

int metrics_collect(struct engine *e, struct buf *out, struct koppel_error *err)
{
    struct generation *g = engine_hold(e);
    metrics_text_family(out, "koppel_build_info", "gauge", "Version of the program, and its store");
    metrics_text_number(out, "koppel_build_info",
                        METRICS_TEXT_LABELS({"version", KOPPEL_VERSION},
                                            {"store", e->store->ops->name}),
                        1);
    int rc = add_config(out, e, g, err);
    if (rc == 0)
        rc = metrics_flows_add(out, e, g, err);
    if (rc == 0)
        rc = metrics_peers_add(out, g, err);
    if (rc == 0)
        rc = metrics_store_add(out, e, g, err);
    if (rc == 0)
        rc = metrics_alerts_add(out, e, g, err);
    engine_let_go(e, g);
    metrics_text_family(out, "koppel_http_requests_total", "counter",
                        "Requests over HTTP: metrics, probes, the dashboard, messages");
    meter_each(METER_REQUESTS, add_request, out);
    int64_t failures = 0, streams = 0;
    meter_each(METER_LOGINS, add_sum, &failures);
    meter_each(METER_STREAMS, add_sum, &streams);
    metrics_text_family(out, "koppel_login_failures_total", "counter",
                        "Log-ins to the dashboard that failed");
    metrics_text_number(out, "koppel_login_failures_total", NULL, failures);
    metrics_text_family(out, "koppel_event_subscribers", "gauge",
                        "Pages of the dashboard that listen to events");
    metrics_text_number(out, "koppel_event_subscribers", NULL, streams);
    metrics_process_add(out);
    if (rc == 0 && !buf_ok(out))
        rc = err_set(err, KOPPEL_E_BUG, "the metrics are larger than they may be");
    return rc;
}
