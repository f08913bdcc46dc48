/* SPDX-License-Identifier: MIT
 * koppel serve: runs every enabled flow at its interval until told to stop. */
#include "commands/command_serve.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/alert.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/thread.h"
#include "commands/init_files.h"
#include "commands/signals.h"
#include "dashboard/dashboard.h"
#include "engine/others.h"
#include "engine/schedule.h"
#include "engine/serving.h"
#include "metrics/metrics.h"
#include "metrics/watchdog.h"
#include "service/backups_kept.h"
#include "service/lifecycle.h"
#include "service/opened.h"
#include "service/publish_watch.h"
#include "service/reconciling_due.h"
#include "service/service_engine.h"

/* ---- SIGHUP ---- */

/* Loads the configuration again beside the thread of the signals, which a stop reaches at any time;
 * however many come while it does, once more is enough. */
struct reloads {
    struct opened *opened;
    pthread_mutex_t lock; /* guards what follows */
    bool running, again;
    pthread_t thread;
    bool started; /* it is to be joined */
};

static void *reload_thread(void *arg)
{
    struct reloads *r = arg;
    bool go_on = true;
    while (go_on) {
        struct koppel_error err = {0};
        json_t *out = NULL;
        (void)lifecycle_take(&r->opened->engine, r->opened->plugins, &out, &err); /* it logs */
        json_decref(out);
        pthread_mutex_lock(&r->lock);
        go_on = r->again;
        r->again = false;
        r->running = go_on;
        pthread_mutex_unlock(&r->lock);
    }
    return NULL;
}

static void on_hangup(void *arg)
{
    struct reloads *r = arg;
    pthread_mutex_lock(&r->lock);
    r->again = r->running;
    bool start = !r->running;
    r->running = true;
    pthread_mutex_unlock(&r->lock);
    if (!start)
        return;
    if (r->started)
        pthread_join(r->thread, NULL); /* it has ended, or is about to */
    r->started = pthread_create(&r->thread, NULL, reload_thread, r) == 0;
    if (!r->started) {
        log_error(LOG_ABOUT(.event = "config"), "the configuration was not loaded again: no thread "
                  "could be started");
        pthread_mutex_lock(&r->lock);
        r->running = false;
        pthread_mutex_unlock(&r->lock);
    }
}

/* ---- a store that is away at the start ---- */

#define REST_MS 2000 /* between two looks for it */

static int wait_for_store(const struct koppel_error *why, struct koppel_error *err)
{
    log_warning(LOG_ABOUT(.event = "start", .reason = why->reason),
                "%s; the start waits for the store", why->text);
    /* this process does what it can, and neither a boot nor an upgrade is to wait with it */
    (void)notify_send("READY=1\nSTATUS=waiting for the store");
    return signals_catch(NULL, NULL, NULL, err);
}

/* Opens what is to serve; as one that serves already does, it waits for a store that is away. */
static int open_when_there(struct opened *o, const char *dir, struct conf_report *report,
                           struct koppel_error *err)
{
    bool waits = false;
    memset(o, 0, sizeof *o);
    for (;;) {
        struct plugins *plugins = command_plugins_new(err);
        if (!plugins)
            return -1;
        int rc = opened_serve(o, dir, plugins, report, err);
        if (rc == 0 || strcmp(err->reason, "store.away") != 0)
            return rc;
        opened_close(o);
        conf_report_done(report);
        *report = (struct conf_report){0};
        struct koppel_error why = *err;
        *err = (struct koppel_error){0};
        if (!waits && wait_for_store(&why, err) != 0)
            return -1;
        waits = true;
        (void)notify_send("WATCHDOG=1");
        thread_rest(REST_MS); /* a stop ends the program meanwhile */
    }
}

/* ---- */

static int serve(struct opened *o, struct koppel_error *err)
{
    struct reloads reloads = {.opened = o};
    struct service_engine answers = {&o->engine, o->plugins};
    struct service_source source = service_engine_source(&answers);
    pthread_mutex_init(&reloads.lock, NULL);
    struct service_socket *socket = NULL;
    struct metrics *metrics = NULL;
    struct watchdog *watchdog = NULL;
    struct alerts *alerts = NULL;
    struct reconciling_due *due = NULL;
    struct dashboard *dashboard = NULL;
    struct publish_watch *published = NULL;
    struct others *others = NULL;
    /* from the first signal on another configuration would take the place of this one, and the
     * threads of the engine begin behind it, so that no signal ends the program in one of them */
    pthread_mutex_lock(&o->engine.reloading);
    int rc = signals_catch(&o->engine, on_hangup, &reloads, err);
    char *store_path = strdup(o->service.conf->store_path);
    if (rc == 0 && !store_path)
        rc = err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (rc == 0 && o->service.whole)
        rc = engine_keep(&o->engine, &o->service.conf->keep, err);
    pthread_mutex_unlock(&o->engine.reloading);
    if (rc == 0) {
        socket = service_socket_open(store_path, &source, err);
        rc = socket ? 0 : -1;
    }
    if (rc == 0) {
        metrics = metrics_open(&o->engine, err);
        rc = metrics ? 0 : -1;
    }
    if (rc == 0) {
        alerts = alert_open(&o->engine, err);
        rc = alerts ? 0 : -1;
    }
    if (rc == 0) {
        due = reconciling_due_open(&o->engine, &source, err);
        rc = due ? 0 : -1;
    }
    if (rc == 0) {
        serving_tell(&o->engine, KOPPEL_VERSION); /* before the first line of what is to serve */
        dashboard = dashboard_open(&o->engine, &source, err);
        rc = dashboard ? 0 : -1;
    }
    if (rc == 0) {
        watchdog = watchdog_open(&o->engine, err);
        rc = watchdog ? 0 : -1;
    }
    if (rc == 0) {
        published = publish_watch_open(&o->engine, o->plugins, err);
        rc = published ? 0 : -1;
    }
    if (rc == 0) {
        others = others_open(&o->engine, err);
        rc = others ? 0 : -1;
    }
    if (rc == 0)
        schedule_wait(&o->engine);
    others_close(others);
    publish_watch_close(published);
    watchdog_close(watchdog);
    dashboard_close(dashboard);
    reconciling_due_close(due);
    alert_close(alerts);
    metrics_close(metrics);
    service_socket_close(socket);
    signals_release();
    if (reloads.started)
        pthread_join(reloads.thread, NULL);
    pthread_mutex_destroy(&reloads.lock);
    free(store_path);
    return rc;
}

/* The same process from its beginning: nothing of the engine that ended is left, and whoever
 * watches this process goes on. */
static int begin_again(const char *dir)
{
    char *const words[] = {"koppel", "--config", (char *)(uintptr_t)dir, "serve", NULL};
    log_info(LOG_ABOUT(.event = "start"), "it begins again");
    execv("/proc/self/exe", words);
    log_error(LOG_ABOUT(.event = "stop"), "it cannot begin again: %s", strerror(errno));
    return EXIT_FAILED;
}

int command_serve(const struct command_line *line)
{
    struct opened o;
    struct koppel_error err = {0};
    struct conf_report report = {0};
    bool made;
    if (init_files_first(line->dir, &made, &err) != 0)
        return command_failed(&err);
    if (made)
        log_info(LOG_ABOUT(.event = "config"), "%s was empty: koppel.conf and a key were made in "
                 "it; keep secret.key safe, as without it the store cannot be read", line->dir);
    int rc = open_when_there(&o, line->dir, &report, &err);
    signals_release(); /* those of the wait; what comes from here on is kept for those who serve */
    json_t *mistakes = lifecycle_mistakes(&report);
    lifecycle_tell(mistakes, report.errors > 0 && rc == 0 ? LIFECYCLE_SAFE : NULL);
    if (rc == 0) {
        backups_kept_missed(o.engine.store);
        rc = serve(&o, &err);
    }
    if (rc != 0)
        log_error(LOG_ABOUT(.event = "stop", .reason = err.reason), "%s", err.text);
    else
        log_info(LOG_ABOUT(.event = "stop"), "stopped");
    json_decref(mistakes);
    conf_report_done(&report);
    json_t *put_back = rc == 0 ? json_incref(o.engine.put_back) : NULL;
    bool told_to_stop = rc == 0 && atomic_load(&o.engine.told_to_stop);
    opened_close(&o);
    if (put_back) {
        backups_kept_put(line->dir, put_back);
        /* whoever watches this process may have told it to stop meanwhile, and waits for that */
        if (!told_to_stop && !signals_told_to_stop())
            return begin_again(line->dir);
        log_info(LOG_ABOUT(.event = "stop"), "it does not begin again, as it was told to stop");
    }
    return rc == 0 ? EXIT_OK : command_code(&err);
}
