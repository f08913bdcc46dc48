/* SPDX-License-Identifier: MIT
 * Opens what a question needs: the store alone, a configuration, or an engine. */
#include "service/opened.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "config/conf_load.h"
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

/* The engine's threads start with the signals blocked, so that only who waits for them sees
 * them. */
static int start_engine(struct opened *o, enum engine_mode mode, struct koppel_error *err)
{
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    int rc = engine_open(&o->engine, o->conf, mode, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    o->open = rc == 0;
    return rc;
}

static int open_names(struct opened *o, const char *dir, enum service_need need,
                      struct conf_report *report, struct koppel_error *err)
{
    struct service *s = &o->service;
    o->conf = opened_names(dir, report);
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
    struct service *s = &o->service;
    memset(o, 0, sizeof *o);
    o->plugins = plugins_take;
    if (need < SERVICE_CONF)
        return open_names(o, dir, need, report, err);
    o->conf = conf_load(dir, NULL, o->plugins, report);
    if (!o->conf)
        return rejected(dir, report, err);
    enum engine_mode mode = need == SERVICE_ENGINE  ? ENGINE_DELIVER
                            : need == SERVICE_LOGIN ? ENGINE_ORDER
                                                    : ENGINE_LOOK;
    if (start_engine(o, mode, err) != 0 ||
        (mode == ENGINE_DELIVER && save_start(o->engine.store, o->conf, err) != 0))
        return -1;
    *s = (struct service){.dir = o->conf->dir, .plugins = o->plugins, .conf = o->conf,
                          .whole = true, .store = o->engine.store, .engine = &o->engine};
    return 0;
}

void opened_close(struct opened *o)
{
    if (o->open)
        engine_close(&o->engine);
    else if (o->service.store)
        o->service.store->ops->close(o->service.store);
    conf_free(o->conf);
    plugins_free(o->plugins);
    memset(o, 0, sizeof *o);
}
