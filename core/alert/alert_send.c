/* SPDX-License-Identifier: MIT
 * Takes messages to their channels. */
#include "alert/alert_send.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_channel.h"
#include "alert/alert_outbox.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/meter.h"
#include "base/thread.h"
#include "http/http_exchange.h"

#define FIRST_WAIT_MS INT64_C(30000)     /* after a failure; doubled up to */
#define LONGEST_WAIT_MS INT64_C(3600000) /* this */
#define WELL_MS 120000 /* how long a look that went well counts for the heartbeat */

struct alert_send {
    struct engine *engine;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed; /* monotonic */
    bool stop, woken;
    int64_t turn;         /* messages up to this one may go */
    int64_t well_ms;      /* monotonic: when a look last went well */
    struct http *http;    /* of what is under way; NULL: nothing is */
    bool beat_failed;     /* of the thread alone, as is the next */
    int64_t beat_ms;      /* monotonic: when the heartbeat went last */
};

/* ---- one exchange that can be broken off ---- */

/* Lets whoever stops reach the client. false: it is to stop, and nothing is begun. s NULL: nobody
 * stops this. */
static bool begin(struct alert_send *s, struct http *h)
{
    if (!s)
        return true;
    pthread_mutex_lock(&s->lock);
    bool on = !s->stop;
    s->http = on ? h : NULL;
    pthread_mutex_unlock(&s->lock);
    return on;
}

static void end(struct alert_send *s, struct http *h)
{
    if (s) {
        pthread_mutex_lock(&s->lock);
        s->http = NULL;
        pthread_mutex_unlock(&s->lock);
    }
    http_free(h);
}

static bool is_stopping(struct alert_send *s)
{
    if (!s)
        return false;
    pthread_mutex_lock(&s->lock);
    bool stop = s->stop;
    pthread_mutex_unlock(&s->lock);
    return stop;
}

/* ---- messages ---- */

struct round {
    struct alert_send *sender; /* NULL: there is no thread */
    struct store *store;
    const struct conf_alert *conf;
    int64_t turn;
    int sent;
    struct koppel_error *err;
};

static const struct conf_alert_channel *channel_of(const struct conf_alert *conf, const char *name)
{
    for (int i = 0; i < conf->channel_count; i++) {
        if (name && strcmp(conf->channels[i].name, name) == 0)
            return &conf->channels[i];
    }
    return NULL;
}

/* What came of a message stands at its channel; the first failure and the end of it are logged. */
static int keep_state(struct round *r, const char *channel, struct alert_outbox_state *state,
                      const struct koppel_error *why)
{
    int64_t now = clock_now_ms();
    int64_t wait = FIRST_WAIT_MS;
    meter_add(METER_MESSAGES, channel, why ? "failed" : "taken", NULL, 1);
    if (why && state->failures == 0)
        log_warning(LOG_ABOUT(.event = "channel", .reason = why->reason),
                    "channel %s does not take its message, which is tried again: %s", channel,
                    why->text);
    else if (!why && state->failures > 0)
        log_info(LOG_ABOUT(.event = "channel", .count = state->failures),
                 "channel %s takes messages again", channel);
    for (int i = 0; i < state->failures && wait < LONGEST_WAIT_MS; i++)
        wait *= 2;
    wait = wait > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : wait;
    *state = (struct alert_outbox_state){
        .failures = why ? state->failures + 1 : 0,
        .failing_ms = !why ? 0 : state->failing_ms ? state->failing_ms : now,
        .next_ms = why ? now + wait : 0,
        .last_ms = now};
    if (why)
        snprintf(state->text, sizeof state->text, "%s", why->text);
    return alert_outbox_state_put(r->store, channel, state, r->err);
}

static int send_message(struct round *r, const struct conf_alert_channel *c, const char *name,
                        const json_t *m, struct alert_outbox_state *state)
{
    struct koppel_error why = {0};
    struct alert_channel_message message = {
        .id = json_string_value(json_object_get(m, "id")),
        .kind = json_string_value(json_object_get(m, "kind")),
        .at_ms = json_integer_value(json_object_get(m, "at")),
        .critical = json_is_true(json_object_get(m, "critical")),
        .subject = json_string_value(json_object_get(m, "subject")),
        .body = json_string_value(json_object_get(m, "body")),
        .alerts = json_object_get(m, "alerts")};
    struct http *h = alert_channel_http(c, &why);
    int rc = h ? 0 : -1;
    if (h && !begin(r->sender, h)) {
        http_free(h);
        return 1;
    }
    if (h) {
        rc = alert_channel_send(c, h, &message, NULL, &why);
        end(r->sender, h);
    }
    if (rc != 0 && why.kind == KOPPEL_E_CANCELLED)
        return 1;
    /* what was taken goes first: of a crash in between comes no second message, but a state that is
     * one message behind */
    if (rc == 0 && alert_outbox_drop(r->store, name, r->err) != 0)
        return -1;
    r->sent += rc == 0;
    return keep_state(r, c->name, state, rc == 0 ? NULL : &why);
}

/* A message is dropped where nobody can ever take it, waits where its channel rests or lacks a
 * secret here, else goes. */
static int see_message(void *arg, const char *name, int64_t turn, const json_t *m)
{
    struct round *r = arg;
    struct alert_outbox_state state;
    const char *channel = json_string_value(json_object_get(m, "channel"));
    const struct conf_alert_channel *c = channel_of(r->conf, channel);
    int64_t now = clock_now_ms(), at = json_integer_value(json_object_get(m, "at"));
    bool sound = json_is_string(json_object_get(m, "id")) &&
                 json_is_string(json_object_get(m, "kind")) &&
                 json_is_string(json_object_get(m, "subject")) &&
                 json_is_string(json_object_get(m, "body"));
    if (is_stopping(r->sender))
        return 1;
    if (turn > r->turn)
        return 0; /* whoever put it is not through */
    if (c && sound && now - at > ALERT_OUTBOX_KEEP_MS)
        log_error(LOG_ABOUT(.event = "channel"),
                  "a message to channel %s was not taken for a day, and is given up", channel);
    if (!c || !sound || now - at > ALERT_OUTBOX_KEEP_MS)
        return alert_outbox_drop(r->store, name, r->err);
    if (c->lacks)
        return 0; /* a host that has its secret leads sooner or later, perhaps */
    if (alert_outbox_state_get(r->store, c->name, &state, r->err) != 0)
        return -1;
    return now < state.next_ms ? 0 : send_message(r, c, name, m, &state);
}

int alert_send_once(struct store *store, const struct conf_alert *conf, int64_t turn, int *sent,
                    struct koppel_error *err)
{
    struct round r = {.store = store, .conf = conf, .turn = turn, .err = err};
    int rc = alert_outbox_each(store, see_message, &r, err);
    *sent = r.sent;
    return rc < 0 ? -1 : 0;
}

/* ---- the heartbeat ---- */

static void beat(struct alert_send *s, const struct conf_alert *conf)
{
    struct koppel_error why = {0};
    struct conf_alert_channel as = {.name = "heartbeat"};
    struct koppel_http_response answer = {.struct_size = sizeof answer};
    struct koppel_http_request request = {.struct_size = sizeof request, .method = "GET",
                                          .url = conf->heartbeat, .what = "heartbeat"};
    struct http *h = alert_channel_http(&as, &why);
    s->beat_ms = clock_monotonic_ms();
    if (!h || !begin(s, h)) {
        http_free(h);
        return;
    }
    int rc = http_exchange(h, &request, &answer, NULL, &why);
    if (rc == 0 && (answer.status < 200 || answer.status > 299))
        rc = err_set(&why, KOPPEL_E_RETRY, "it was answered %u", answer.status);
    http_response_done(&answer);
    end(s, h);
    if (rc != 0 && why.kind == KOPPEL_E_CANCELLED)
        return;
    if ((rc != 0) != s->beat_failed)
        log_at(rc != 0 ? LOG_WARNING : LOG_INFO, LOG_ABOUT(.event = "heartbeat"), "%s%s",
               rc != 0 ? "the heartbeat is not taken: " : "the heartbeat is taken again", why.text);
    s->beat_failed = rc != 0;
}

/* ---- the thread ---- */

/* Sleeps until it is woken or something is due. false: it is to stop. *turn, *well: as told. */
static bool wait_for_work(struct alert_send *s, int64_t ms, int64_t *turn, bool *well)
{
    struct timespec until;
    clock_deadline(ms, &until);
    pthread_mutex_lock(&s->lock);
    if (!s->stop && !s->woken)
        (void)pthread_cond_timedwait(&s->changed, &s->lock, &until);
    s->woken = false;
    *turn = s->turn;
    *well = s->well_ms > 0 && clock_monotonic_ms() - s->well_ms < WELL_MS;
    bool on = !s->stop;
    pthread_mutex_unlock(&s->lock);
    return on;
}

static void *send_main(void *arg)
{
    struct alert_send *s = arg;
    int64_t turn = 0, wait = 0;
    bool well = false, failed = false;
    while (wait_for_work(s, wait, &turn, &well)) {
        struct koppel_error err = {0};
        struct generation *g = engine_hold(s->engine);
        const struct conf_alert *conf = g->conf->alert;
        struct round r = {.sender = s, .store = s->engine->store, .conf = conf, .turn = turn,
                          .err = &err};
        /* who led once must not send what the host sends that leads now */
        bool leads = r.store->ops->leads(r.store);
        int rc = leads ? alert_outbox_each(r.store, see_message, &r, &err) : 0;
        if (rc < 0 && !failed)
            log_warning(LOG_ABOUT(.event = "alert", .reason = err.reason),
                        "messages cannot be taken out of the store: %s", err.text);
        failed = rc < 0;
        int64_t now = clock_monotonic_ms();
        wait = FIRST_WAIT_MS; /* at least so often it is looked whether something is due */
        if (conf->heartbeat && conf->heartbeat_ms < wait)
            wait = conf->heartbeat_ms;
        if (conf->heartbeat && well && (s->beat_ms == 0 || now - s->beat_ms >= conf->heartbeat_ms))
            beat(s, conf);
        engine_let_go(s->engine, g);
    }
    return NULL;
}

static void release(struct alert_send *s)
{
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct alert_send *alert_send_open(struct engine *e, struct koppel_error *err)
{
    struct alert_send *s = calloc(1, sizeof *s);
    pthread_condattr_t monotonic;
    if (!s) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    s->engine = e;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (thread_start(&s->thread, send_main, s) == 0)
        return s;
    err_set(err, KOPPEL_E_RETRY, "no thread could be started");
    release(s);
    return NULL;
}

void alert_send_wake(struct alert_send *s, int64_t turn, bool well)
{
    pthread_mutex_lock(&s->lock);
    s->turn = turn;
    s->well_ms = well ? clock_monotonic_ms() : s->well_ms;
    s->woken = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void alert_send_close(struct alert_send *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    if (s->http)
        http_cancel_all(s->http);
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    release(s);
}
