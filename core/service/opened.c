/* SPDX-License-Identifier: MIT
 * Opens what a question needs: the store alone, a configuration, or an engine. */
#include "service/opened.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "config/conf_load.h"
#include "engine/schedule.h"
#include "flow/cases.h"
#include "service/lifecycle.h"
#include "service/published.h"
#include "service/save.h"

struct conf *opened_names(const char *dir, struct conf_report *report)
{
    return conf_load_names(dir, report);
}

static int rejected(const char *dir, const struct conf_report *report, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, "config.rejected", "%s has %d mistake%s", dir,
                      report->errors, report->errors == 1 ? "" : "s");
}

/* The engine's threads start with the signals blocked, so that only who waits for them sees them.
 * Takes the configuration over. */
static int start_engine(struct opened *o, struct conf *conf_take, enum engine_mode mode,
                        struct koppel_error *err)
{
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    int rc = engine_open(&o->engine, conf_take, mode, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    o->open = rc == 0;
    if (rc != 0)
        return -1;
    const struct conf *conf = o->engine.now->conf;
    o->service = (struct service){.dir = conf->dir, .plugins = o->plugins, .conf = conf,
                                  .whole = conf->whole, .store = o->engine.store,
                                  .engine = &o->engine};
    return 0;
}

static int open_names(struct opened *o, const char *dir, enum service_need need,
                      struct conf_report *report, struct koppel_error *err)
{
    struct service *s = &o->service;
    o->conf = opened_names(dir, report);
    if (o->conf && !o->conf->key) { /* here nothing can be read without it */
        conf_free(o->conf);
        o->conf = NULL;
    }
    s->conf = o->conf;
    s->dir = o->conf ? o->conf->dir : dir;
    if (need == SERVICE_NAMES)
        return 0;
    if (!o->conf)
        return rejected(dir, report, err);
    s->plugins = o->plugins;
    return engine_open_store(o->conf, need == SERVICE_STORE ? ENGINE_LOOK : ENGINE_ORDER, &s->store,
                             err);
}

int opened_open(struct opened *o, const char *dir, enum service_need need,
                 struct plugins *plugins_take, struct conf_report *report,
                 struct koppel_error *err)
{
    memset(o, 0, sizeof *o);
    o->plugins = plugins_take;
    if (need != SERVICE_NAMES && published_first(dir, err) != 0)
        return -1;
    if (need < SERVICE_CONF)
        return open_names(o, dir, need, report, err);
    struct conf *conf = conf_load(dir, NULL, o->plugins, report);
    if (!conf)
        return rejected(dir, report, err);
    if (need != SERVICE_ENGINE)
        return start_engine(o, conf, need == SERVICE_LOGIN ? ENGINE_ORDER : ENGINE_LOOK, err);
    cases_hold(conf, report);
    if (start_engine(o, conf, ENGINE_DELIVER, err) != 0)
        return -1;
    lifecycle_runs(o->engine.store, conf, NULL);
    if (save_start(o->engine.store, conf, err) != 0)
        return -1;
    return schedule_open(&o->engine, false, err);
}

int opened_serve(struct opened *o, const char *dir, struct plugins *plugins_take,
                 struct conf_report *report, struct koppel_error *err)
{
    struct conf_report ignored = {0};
    memset(o, 0, sizeof *o);
    o->plugins = plugins_take;
    if (published_first(dir, err) != 0)
        return -1;
    struct conf *conf = conf_load(dir, NULL, o->plugins, report);
    json_t *mistakes = conf ? NULL : lifecycle_mistakes(report);
    if (conf)
        cases_hold(conf, report);
    if (!conf)
        conf = conf_load_names(dir, &ignored); /* its mistakes were found before */
    conf_report_done(&ignored);
    if (!conf || !conf->key) {
        conf_free(conf);
        json_decref(mistakes);
        return rejected(dir, report, err);
    }
    if (start_engine(o, conf, ENGINE_DELIVER, err) != 0) {
        json_decref(mistakes);
        return -1;
    }
    o->engine.mistakes = mistakes;
    lifecycle_runs(o->engine.store, conf, mistakes);
    o->service.serves = true;
    if (save_start(o->engine.store, conf, err) != 0)
        return -1;
    return schedule_open(&o->engine, true, err);
}

void opened_close(struct opened *o)
{
    if (o->open) {
        schedule_close(&o->engine);
        engine_close(&o->engine);
    } else if (o->service.store) {
        o->service.store->ops->close(o->service.store);
    }
    conf_free(o->conf);
    plugins_free(o->plugins);
    memset(o, 0, sizeof *o);
}
