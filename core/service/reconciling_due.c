/* SPDX-License-Identifier: MIT
 * The thread sleeps until the first comparison is due, another configuration is active, or it is to
 * stop. When a flow was compared last stands in the note "reconciled/FLOW", so that a restart
 * neither forgets nor repeats one. */
#include "service/reconciling_due.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/thread.h"
#include "base/zone.h"
#include "service/ask.h"

#define NOTE "reconciled/"
#define DAY_MS INT64_C(86400000)
#define NEVER INT64_MAX
#define AGAIN_MS INT64_C(900000) /* after one that failed, and no later than the next one */
#define SLEEP_MAX_MS INT64_C(3600000) /* the clock of the day may be put on meanwhile */

struct reconciling_due {
    struct engine *engine;
    struct service_source source;
    struct events_reader *events;
    int64_t failed_ms;   /* monotonic: not before that after a failure; of the thread */
    atomic_bool stop;
    int stop_fd;
    pthread_t thread;
};

/* ---- when ---- */

static void note_name(const char *flow, char out[200])
{
    snprintf(out, 200, NOTE "%.180s", flow);
}

static int keep_time(struct store *store, const char *flow, int64_t now, struct koppel_error *err)
{
    char note[200], at[CLOCK_TEXT_BYTES];
    note_name(flow, note);
    clock_format(now, at);
    return store->ops->note_put(store, note, at, err);
}

/* In how many ms the flow is to be compared. One that is seen for the first time has its turn after
 * its interval: what it never read yet is no difference to tell of. */
static int due_in(struct store *store, const struct conf_flow *flow, int64_t *out,
                  struct koppel_error *err)
{
    char note[200], *text = NULL;
    int64_t last = 0, now = clock_now_ms();
    note_name(flow->name, note);
    if (store->ops->note_get(store, note, &text, err) != 0)
        return -1;
    bool known = text && clock_parse(text, &last) == 0 && last <= now;
    free(text);
    *out = (known ? last : now) + flow->compare_every_ms - now;
    return known ? 0 : keep_time(store, flow->name, now, err);
}

/* The flow that is due first, as a name that the caller frees; NULL: none is compared. */
static char *first_due(struct reconciling_due *d, int64_t *in_ms, int *days)
{
    struct generation *g = engine_hold(d->engine);
    struct koppel_error err = {0};
    char *name = NULL;
    *in_ms = NEVER;
    for (int i = 0; g->conf->whole && i < g->conf->flow_count; i++) {
        const struct conf_flow *flow = &g->conf->flows[i];
        int64_t one = NEVER;
        if (!flow->enabled || flow->compare_every_ms == 0)
            continue;
        if (due_in(d->engine->store, flow, &one, &err) != 0)
            log_warning(LOG_ABOUT(.event = "reconcile", .flow = flow->name, .reason = err.reason),
                        "it cannot be told when both systems were compared: %s", err.text);
        if (one >= *in_ms)
            continue;
        free(name);
        name = strdup(flow->name);
        *in_ms = one;
        *days = flow->compare_days;
    }
    engine_let_go(d->engine, g);
    return name;
}

/* ---- a comparison ---- */

/* The day that was so many days ago where the shop is. */
static int day_before(const struct conf *conf, int days, char out[DATE_TEXT_BYTES])
{
    struct date date;
    if (date_from_unix_ms(clock_now_ms() - days * DAY_MS, &date) != 0)
        return -1;
    date.has_time = date.has_offset = true;
    if (date_home(&date, zone_find(conf->home.zone)) != 0)
        return -1;
    date_format_day(&date, out);
    return 0;
}

static int compare(struct reconciling_due *d, const char *flow, int days, struct koppel_error *err)
{
    static const struct service_who who = {"koppel", SERVICE_OPERATOR, "schedule", NULL,
                                           false};
    const struct service_row *row = service_find("reconcile");
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct service s;
    json_t *out = NULL;
    if (d->source.take(d->source.arg, row, &s, err) != 0)
        return -1;
    int rc = day_before(s.conf, days, from) == 0 && day_before(s.conf, 1, to) == 0
                 ? 0 : err_set(err, KOPPEL_E_BUG, "today is no day of this calendar");
    json_t *in = json_pack("{s:s,s:s,s:s}", "flow", flow, "from", from, "to", to);
    struct service_ask ask = {.who = &who, .in = in, .stop = &d->stop};
    if (rc == 0)
        rc = service_call(row, &s, &ask, &out, err);
    if (rc == 0)
        log_info(LOG_ABOUT(.event = "reconcile", .flow = flow,
                           .count = json_integer_value(json_object_get(out, "differences"))),
                 "both systems were compared from %s to %s", from, to);
    json_decref(out);
    json_decref(in);
    d->source.give(d->source.arg, &s);
    return rc;
}

static void turn(struct reconciling_due *d, const char *flow, int days)
{
    struct koppel_error err = {0};
    int rc = compare(d, flow, days, &err);
    if (rc == 0)
        rc = keep_time(d->engine->store, flow, clock_now_ms(), &err);
    d->failed_ms = rc == 0 ? 0 : clock_monotonic_ms() + AGAIN_MS;
    if (rc != 0 && !atomic_load(&d->stop))
        log_warning(LOG_ABOUT(.event = "reconcile", .flow = flow, .reason = err.reason),
                    "both systems could not be compared, which is tried again: %s", err.text);
}

/* ---- the thread ---- */

/* Another configuration has other times; all else is no matter. */
static void drain(struct reconciling_due *d)
{
    struct events_event event;
    bool missed;
    while (events_next(d->events, &event, &missed))
        free(event.body);
}

static void *watch(void *arg)
{
    struct reconciling_due *d = arg;
    struct pollfd fds[2] = {{.fd = d->stop_fd, .events = POLLIN},
                            {.fd = events_fd(d->events), .events = POLLIN}};
    while (!atomic_load(&d->stop)) {
        int64_t in_ms, rest = d->failed_ms - clock_monotonic_ms();
        int days = 0;
        char *flow = first_due(d, &in_ms, &days);
        in_ms = rest > 0 && rest > in_ms ? rest : in_ms;
        if (flow && in_ms <= 0)
            turn(d, flow, days);
        else if (poll(fds, 2, in_ms < SLEEP_MAX_MS ? (int)in_ms : (int)SLEEP_MAX_MS) < 0 &&
                 errno != EINTR)
            break;
        free(flow);
        drain(d);
    }
    return NULL;
}

/* ---- opening and closing ---- */

static void release(struct reconciling_due *d)
{
    events_close(d->events);
    if (d->stop_fd >= 0)
        close(d->stop_fd);
    free(d);
}

struct reconciling_due *reconciling_due_open(struct engine *e, const struct service_source *source,
                                             struct koppel_error *err)
{
    struct reconciling_due *d = calloc(1, sizeof *d);
    if (!d) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    *d = (struct reconciling_due){.engine = e, .source = *source,
                                  .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                                  .events = events_open(e->events, -1)};
    if (d->stop_fd >= 0 && d->events && thread_start(&d->thread, watch, d) == 0)
        return d;
    err_set(err, KOPPEL_E_RETRY, "comparing by schedule: no thread could be started");
    release(d);
    return NULL;
}

void reconciling_due_close(struct reconciling_due *d)
{
    uint64_t one = 1;
    if (!d)
        return;
    atomic_store(&d->stop, true);
    if (write(d->stop_fd, &one, sizeof one) < 0)
        log_debug(NULL, "the thread that compares is awake already");
    pthread_join(d->thread, NULL);
    release(d);
}
