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
#include "config/conf_ground.h"
#include "config/conf_own.h"
#include "engine/adopt.h"
#include "engine/serving.h"
#include "flow/cases.h"
#include "flow/source.h"
#include "service/published.h"
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
int lifecycle_sources(struct store *store, const struct conf *conf, struct conf_report *report,
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

/* told: nothing is said where these are the mistakes that were told before, with the same end. */
static void reject(struct engine *e, bool safe, bool told, json_t *mistakes, json_t **out)
{
    pthread_mutex_lock(&e->lock);
    json_t *gone = e->mistakes;
    e->mistakes = json_incref(mistakes);
    pthread_mutex_unlock(&e->lock);
    told = told && gone && json_equal(gone, mistakes);
    json_decref(gone);
    *out = json_pack("{s:b,s:O}", "active", 0, "mistakes", mistakes);
    if (told)
        return;
    lifecycle_tell(mistakes, safe ? LIFECYCLE_SAFE
                                  : "nothing has changed: the configuration that was active stays; "
                                    "mend this one, then run: koppel reload");
    events_tell(e->events, EVENTS_REJECTED, NULL,
                json_pack("{s:I}", "mistakes", (json_int_t)json_array_size(mistakes)));
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

static void accept(struct engine *e, const struct conf *before, struct generation *g,
                   json_t *warnings, json_t **out)
{
    struct adopt_result r;
    struct koppel_error problem = {0};
    char *lacks = published_lacks(g->conf);
    int64_t revision = g->conf->published ? g->conf->published : keep_revision(e, g->conf);
    struct adopt_runs runs = {g->conf->published, lacks, g->conf->published != before->published};
    if (engine_keep(e, &g->conf->keep, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "config"), "nothing is erased for its age: %s",
                    problem.text);
    lifecycle_tell(warnings, NULL);
    adopt_generation(e, g, &runs, &r);
    free(lacks);
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

/* The first mistake, for the list of hosts; held by the caller. */
static char *first_of(const json_t *mistakes)
{
    size_t i;
    json_t *one;
    char *words = NULL;
    json_array_foreach(mistakes, i, one) {
        if (!words && !json_is_true(json_object_get(one, "warning")) &&
            asprintf(&words, "%s:%lld: %s", json_string_value(json_object_get(one, "file")),
                     (long long)json_integer_value(json_object_get(one, "line")),
                     json_string_value(json_object_get(one, "text"))) < 0)
            return NULL;
    }
    return words;
}

void lifecycle_runs(struct store *store, const struct conf *conf, const json_t *mistakes)
{
    char *lacks = conf->whole ? published_lacks(conf) : first_of(mistakes);
    store->ops->runs(store, conf->whole ? conf->published : 0, lacks);
    free(lacks);
}

/* What all hosts are to run cannot be run here: the flows are left to the others. */
static int leave(struct engine *e, const struct conf *before, const json_t *mistakes,
                 struct koppel_error *err)
{
    struct conf_report ignored = {0};
    struct adopt_result r;
    struct conf *names = conf_load_names(before->dir, &ignored);
    conf_report_done(&ignored);
    /* koppel.conf may be what cannot be read, and the engine is where it was all the same */
    if (names && conf_own_keep(names, before) != 0) {
        conf_free(names);
        names = NULL;
    }
    struct generation *g = names ? engine_prepare(e, names, err) : NULL;
    if (!g)
        return names ? -1 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    char *lacks = first_of(mistakes);
    struct adopt_runs runs = {.lacks = lacks};
    adopt_generation(e, g, &runs, &r);
    adopt_done(&r);
    free(lacks);
    return 0;
}

/* Which revision stands in the place of the directory's files; 0: none does. */
static int64_t grounded(const char *dir)
{
    struct conf_ground *ground = conf_ground_hold_for(dir);
    int64_t revision = ground ? ground->revision : 0;
    conf_ground_let_go(ground);
    return revision;
}

static int take(struct engine *e, struct plugins *plugins, const struct conf *before, bool told,
                json_t **out, struct koppel_error *err)
{
    struct conf_report report = {0};
    struct revision_place place = {e->store, e->key, before->dir};
    if (before->store_connection && published_pull(&place, err) != 0)
        return -1;
    struct conf *conf = lifecycle_load(before->dir, NULL, plugins, &report);
    int rc = 0;
    if (conf) {
        check_place(e, before, conf, &report);
        rc = lifecycle_sources(e->store, conf, &report, err);
    }
    json_t *mistakes = lifecycle_mistakes(&report);
    struct generation *g = NULL;
    if (rc == 0 && report.errors == 0) {
        g = engine_prepare(e, conf, err);
        rc = g ? 0 : -1;
    } else {
        conf_free(conf);
    }
    bool safe = !before->whole || grounded(before->dir) != before->published;
    if (rc == 0 && g)
        accept(e, before, g, mistakes, out);
    else if (rc == 0 && safe && before->whole)
        rc = leave(e, before, mistakes, err);
    if (rc == 0 && !g)
        reject(e, safe, told && !(safe && before->whole), mistakes, out);
    conf_report_done(&report);
    json_decref(mistakes);
    return rc;
}

static int take_alone(struct engine *e, struct plugins *plugins, bool told, json_t **out,
                      struct koppel_error *err)
{
    *out = NULL;
    pthread_mutex_lock(&e->reloading);
    struct generation *before = engine_hold(e);
    int rc = take(e, plugins, before->conf, told, out, err);
    engine_let_go(e, before);
    pthread_mutex_unlock(&e->reloading);
    return rc == 0 && !*out ? err_set(err, KOPPEL_E_BUG, "out of memory") : rc;
}

void lifecycle_failed(const struct koppel_error *err)
{
    log_error(LOG_ABOUT(.event = EVENT, .reason = err->reason),
              "the configuration could not be loaded: %s", err->text);
}

int lifecycle_take(struct engine *e, struct plugins *plugins, json_t **out,
                   struct koppel_error *err)
{
    int rc = take_alone(e, plugins, false, out, err);
    if (rc != 0)
        lifecycle_failed(err);
    return rc;
}

json_t *lifecycle_after(struct service *s)
{
    struct koppel_error err = {0};
    struct conf_report report = {0};
    json_t *out;
    if (lifecycle_take(s->engine, s->plugins, &out, &err) == 0)
        return out;
    conf_report_add(&report, false, s->dir, 0, "%s", err.text);
    out = json_pack("{s:b,s:o}", "active", 0, "mistakes", lifecycle_mistakes(&report));
    conf_report_done(&report);
    return out;
}

int lifecycle_try(struct engine *e, struct plugins *plugins, struct koppel_error *err)
{
    json_t *out;
    int rc = take_alone(e, plugins, true, &out, err);
    json_decref(out);
    return rc;
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
