/* SPDX-License-Identifier: MIT
 * How an engine takes another configuration, and how it is ended. */
#include "service/lifecycle.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "config/conf_load.h"
#include "engine/adopt.h"
#include "engine/serving.h"
#include "flow/cases.h"
#include "flow/source.h"
#include "service/revision_found.h"

#define EVENT "config.rejected"

/* ---- mistakes ---- */

json_t *lifecycle_mistakes(const struct conf_report *report)
{
    json_t *all = json_array();
    for (int i = 0; i < report->count; i++)
        (void)json_array_append_new(all, conf_report_json(&report->items[i]));
    return all;
}

void lifecycle_tell(const json_t *mistakes, const char *closing)
{
    size_t i;
    json_t *m;
    json_array_foreach(mistakes, i, m) {
        bool warning = json_is_true(json_object_get(m, "warning"));
        log_at(warning ? LOG_WARNING : LOG_ERROR, LOG_ABOUT(.event = warning ? "config" : EVENT),
               "%s:%" JSON_INTEGER_FORMAT ": %s", json_string_value(json_object_get(m, "file")),
               json_integer_value(json_object_get(m, "line")),
               json_string_value(json_object_get(m, "text")));
    }
    if (closing)
        log_error(LOG_ABOUT(.event = EVENT, .count = (int64_t)json_array_size(mistakes)), "%s",
                  closing);
}

/* What an engine that runs cannot change. */
static void check_place(struct engine *e, const struct conf *before, const struct conf *conf,
                        struct conf_report *report)
{
    char file[4096];
    snprintf(file, sizeof file, "%s/koppel.conf", conf->dir);
    if (strcmp(conf->store_path, before->store_path) != 0)
        conf_report_add(report, false, file, 0, "the store is %s now, and was %s: that takes a "
                        "restart", conf->store_path, before->store_path);
    if (!conf->store_connection != !before->store_connection ||
        (conf->store_connection && strcmp(conf->store_connection, before->store_connection) != 0))
        conf_report_add(report, false, file, 0, "the store is at another server now: that takes a"
                        " restart");
    if (secret_bytes(conf->key) != secret_bytes(e->key) ||
        sodium_memcmp(secret_text(conf->key), secret_text(e->key), secret_bytes(e->key)) != 0)
        conf_report_add(report, false, file, 0, "the key is another one than that of the store");
}

/* A flow whose name stands for other records. */
static int check_sources(struct store *store, const struct conf *conf, struct conf_report *report,
                         struct koppel_error *err)
{
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *flow = &conf->flows[i];
        struct koppel_error why = {0};
        char *other = NULL;
        if (!flow->enabled)
            continue;
        if (source_other(store, flow, &other, err) != 0)
            return -1;
        if (other) {
            (void)source_refused(flow, other, &why);
            conf_report_add(report, false, flow->at.file, flow->at.line, "%s", why.text);
        }
        free(other);
    }
    return 0;
}

struct conf *lifecycle_load(const char *dir, const struct conf_source *source,
                            struct plugins *plugins, struct conf_report *report)
{
    int before = report->errors;
    struct conf *conf = conf_load(dir, source, plugins, report);
    if (conf)
        cases_check(conf, report);
    if (report->errors == before)
        return conf;
    conf_free(conf);
    return NULL;
}

/* ---- another configuration ---- */

static void reject(struct engine *e, bool safe, json_t *mistakes, json_t **out)
{
    lifecycle_tell(mistakes, safe ? LIFECYCLE_SAFE
                                  : "nothing has changed: the configuration that was active stays; "
                                    "mend this one, then run: koppel reload");
    pthread_mutex_lock(&e->lock);
    json_t *gone = e->mistakes;
    e->mistakes = json_incref(mistakes);
    pthread_mutex_unlock(&e->lock);
    json_decref(gone);
    events_tell(e->events, EVENTS_REJECTED, NULL,
                json_pack("{s:I}", "mistakes", (json_int_t)json_array_size(mistakes)));
    *out = json_pack("{s:b,s:O}", "active", 0, "mistakes", mistakes);
}

/* A configuration that is active is kept as a revision. Its number, 0: it could not be. */
static int64_t keep_revision(struct engine *e, const struct conf *conf)
{
    struct revision_place place = {e->store, e->key, conf->dir};
    struct koppel_error problem = {0};
    int64_t seq = 0;
    if (revision_found(&place, conf, &seq, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "config.revision"),
                    "this configuration is not kept as a revision: %s", problem.text);
    return seq;
}

static void accept(struct engine *e, struct generation *g, json_t *warnings, json_t **out)
{
    struct adopt_result r;
    struct koppel_error problem = {0};
    int64_t revision = keep_revision(e, g->conf);
    if (engine_keep(e, &g->conf->keep, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "config"), "nothing is erased for its age: %s",
                    problem.text);
    lifecycle_tell(warnings, NULL);
    adopt_generation(e, g, &r);
    pthread_mutex_lock(&e->lock);
    json_t *gone = e->mistakes;
    e->mistakes = NULL;
    pthread_mutex_unlock(&e->lock);
    json_decref(gone);
    serving_tell_reload(revision, r.changed, r.begun, r.ended);
    json_t *flows = json_pack("{s:O,s:O,s:O}", "changed", r.changed, "begun", r.begun, "ended",
                              r.ended);
    events_tell(e->events, EVENTS_RELOAD, NULL, json_incref(flows));
    *out = json_pack("{s:b,s:I,s:O,s:O,s:O,s:O}", "active", 1, "revision", (json_int_t)revision,
                     "changed", r.changed, "begun", r.begun, "ended", r.ended, "mistakes",
                     warnings);
    json_decref(flows);
    adopt_done(&r);
}

static int take(struct engine *e, struct plugins *plugins, const struct conf *before,
                json_t **out, struct koppel_error *err)
{
    struct conf_report report = {0};
    struct conf *conf = lifecycle_load(before->dir, NULL, plugins, &report);
    int rc = 0;
    if (conf) {
        check_place(e, before, conf, &report);
        rc = check_sources(e->store, conf, &report, err);
    }
    json_t *mistakes = lifecycle_mistakes(&report);
    struct generation *g = NULL;
    if (rc == 0 && report.errors == 0) {
        g = engine_prepare(e, conf, err);
        rc = g ? 0 : -1;
    } else {
        conf_free(conf);
    }
    if (rc == 0 && g)
        accept(e, g, mistakes, out);
    else if (rc == 0)
        reject(e, !before->whole, mistakes, out);
    conf_report_done(&report);
    json_decref(mistakes);
    return rc;
}

int lifecycle_take(struct engine *e, struct plugins *plugins, json_t **out,
                   struct koppel_error *err)
{
    *out = NULL;
    pthread_mutex_lock(&e->reloading);
    struct generation *before = engine_hold(e);
    int rc = take(e, plugins, before->conf, out, err);
    engine_let_go(e, before);
    pthread_mutex_unlock(&e->reloading);
    if (rc != 0)
        log_error(LOG_ABOUT(.event = EVENT, .reason = err->reason),
                  "the configuration could not be loaded: %s", err->text);
    return rc == 0 && !*out ? err_set(err, KOPPEL_E_BUG, "out of memory") : rc;
}

/* ---- orders ---- */

int lifecycle_reload(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    (void)ask;
    if (!s->serves)
        return err_reason(err, KOPPEL_E_RETRY, SERVICE_NO_ENGINE,
                          "no engine runs here; the next one takes the configuration as it stands "
                          "then");
    return lifecycle_take(s->engine, s->plugins, out, err);
}

int lifecycle_stop(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    (void)err;
    if (s->serves) {
        log_info(LOG_ABOUT(.event = "stop"), "stopping, as %s ordered: the records at hand finish "
                 "first", ask->who->name);
        engine_stop(s->engine);
    }
    *out = s->serves ? json_pack("{s:i}", "pid", (int)getpid()) : json_pack("{s:n}", "pid");
    return 0;
}
