/* SPDX-License-Identifier: MIT
 * The pool of a connection's instances, and what stands around every call of a connector. */
#include "connection/instance.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/meter.h"
#include "connection/host.h"
#include "connection/pace.h"
#include "store/store.h"

#define NOTE_BYTES 160

/* ---- calls that do not come back ---- */

/* What `koppel status` shows: other processes see the store only. */
static void note_blocked(struct connection *c, const char *words)
{
    char name[NOTE_BYTES];
    struct koppel_error ignored = {0};
    if (!c->store)
        return;
    snprintf(name, sizeof name, CONNECTION_BLOCKED "%.120s", c->conf->name);
    (void)c->store->ops->note_put(c->store, name, words, &ignored);
}

/* The first call that comes back shows that what blocked an earlier process is over. */
static void forget_blocked(struct connection *c)
{
    char name[NOTE_BYTES], *words = NULL;
    struct koppel_error ignored = {0};
    if (!c->store || atomic_exchange(&c->answered, true))
        return;
    snprintf(name, sizeof name, CONNECTION_BLOCKED "%.120s", c->conf->name);
    if (c->store->ops->note_get(c->store, name, &words, &ignored) == 0 && words)
        note_blocked(c, NULL);
    free(words);
}

static void on_late(void *arg, const char *words)
{
    struct connection *c = arg;
    pthread_mutex_lock(&c->lock);
    c->blocked += words ? 1 : -1;
    if (words && c->blocked == 1)
        snprintf(c->blocked_call, sizeof c->blocked_call, "%s", words);
    bool none = c->blocked == 0;
    if (none)
        c->blocked_call[0] = '\0';
    pthread_cond_broadcast(&c->freed); /* who waits for an instance learns that none will come */
    pthread_mutex_unlock(&c->lock);
    if (words || none)
        note_blocked(c, words);
}

/* ---- what is known of it ---- */

/* When its certificates end, for those who ask while it does not run. Written when that changes. */
static void note_certificate(struct connection *c)
{
    char name[NOTE_BYTES], text[CLOCK_TEXT_BYTES + 160], end[CLOCK_TEXT_BYTES], *before = NULL;
    struct http_certificate seen;
    struct koppel_error ignored = {0};
    if (!c->store || !http_certificate(c->http, &seen) ||
        atomic_exchange(&c->certificate_noted, seen.ends_ms) == seen.ends_ms)
        return;
    (void)clock_format(seen.ends_ms, end);
    snprintf(name, sizeof name, CONNECTION_CERTIFICATE "%.120s", c->conf->name);
    snprintf(text, sizeof text, "%s %s", end, seen.host);
    /* By an earlier process: who only looks writes nothing. */
    bool known = c->store->ops->note_get(c->store, name, &before, &ignored) == 0 && before &&
                 strcmp(before, text) == 0;
    free(before);
    if (!known)
        (void)c->store->ops->note_put(c->store, name, text, &ignored);
}

/* A call came back; err NULL: well. */
static void remember(struct connection *c, const struct koppel_error *err)
{
    pthread_mutex_lock(&c->lock);
    c->called_ms = clock_now_ms();
    if (!err || !breaker_is_down(err))
        c->answered_ms = c->called_ms;
    pthread_mutex_unlock(&c->lock);
    note_certificate(c);
}

/* ---- the pool ---- */

/* A free instance, an opened one if there is any. The caller holds the lock. */
static struct instance *pick(struct connection *c)
{
    struct instance *fresh = NULL;
    for (int i = 0; i < c->instance_count; i++) {
        struct instance *in = &c->instances[i];
        if (in->busy)
            continue;
        if (in->opened)
            return in;
        if (!fresh)
            fresh = in;
    }
    return fresh;
}

static void give_back(struct connection *c, struct instance *in)
{
    in->ctx.trace = in->ctx.captured = NULL;
    in->ctx.leave = NULL;
    pthread_mutex_lock(&c->lock);
    in->busy = false;
    pthread_cond_signal(&c->freed);
    pthread_mutex_unlock(&c->lock);
}

static int take_one(struct connection *c, struct instance **out, struct koppel_error *err)
{
    struct instance *in = NULL;
    char blocked[sizeof c->blocked_call] = "";
    pthread_mutex_lock(&c->lock);
    while (!atomic_load(&c->cancelled) && !(in = pick(c)) && c->blocked < c->instance_count)
        pthread_cond_wait(&c->freed, &c->lock);
    if (in && !atomic_load(&c->cancelled))
        in->busy = true;
    else
        in = NULL;
    memcpy(blocked, c->blocked_call, sizeof blocked);
    pthread_mutex_unlock(&c->lock);
    *out = in;
    if (in)
        return 0;
    if (atomic_load(&c->cancelled))
        return err_reason(err, KOPPEL_E_CANCELLED, HTTP_STOPPED, "connection %s: stopping",
                          c->conf->name);
    return err_reason(err, KOPPEL_E_RETRY, "plugin.blocked",
                      "%s: every call that it may have at a time does not come back (%s); restart "
                      "the program", c->conf->name, blocked);
}

static void turn_take(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_lock(p->turn);
}

static void turn_give(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_unlock(p->turn);
}

void instance_name_error(const struct connection *c, struct koppel_error *err)
{
    const char *name = c->conf->name;
    size_t n = strlen(name);
    if (err->kind && !(strncmp(err->text, name, n) == 0 && err->text[n] == ':'))
        err_prefix(err, "%s", name);
}

/* Every failure of a plugin passes here: it must say why, and where, and must not say a secret. */
static int failure(const struct connection *c, const char *op, struct koppel_error *err)
{
    if (!err->kind)
        err_reason(err, KOPPEL_E_BUG, "plugin.no_reason", "connector %s: %s failed without a "
                   "reason", c->conf->plugin->entry.name, op);
    mask_text(err->text);
    instance_name_error(c, err);
    return -1;
}

static void watch_call(struct connection *c, const char *op, const char *entity, struct call *out)
{
    int64_t limit = c->conf->timeout_ms > 0 ? c->conf->timeout_ms : INSTANCE_OWN_MS;
    *out = (struct call){.plugin = c->conf->plugin->entry.name, .op = op, .entity = entity,
                         .connection = c->conf->name, .limit_ms = limit, .late = on_late,
                         .arg = c};
    call_begin(out);
}

/* The plugin's turn is taken. */
static int open_instance(struct connection *c, struct instance *in, struct koppel_error *err)
{
    const struct koppel_connector *ops = &c->conf->plugin->connector;
    struct call call;
    in->self = NULL;
    watch_call(c, "open", NULL, &call);
    int rc = ops->open(&host_table, &in->ctx, &in->self, err);
    if (rc != 0 && ops->close)
        ops->close(in->self);
    call_end(&call);
    if (rc == 0) {
        pthread_mutex_lock(&c->lock);
        in->opened = true; /* read by pick() on other threads */
        pthread_mutex_unlock(&c->lock);
        return 0;
    }
    in->self = NULL;
    return failure(c, "open", err);
}

void instance_free_all(struct connection *c)
{
    const struct plugin *plugin = c->conf->plugin;
    for (int i = 0; c->instances && i < c->instance_count; i++) {
        struct call call;
        if (!c->instances[i].opened || !plugin->connector.close)
            continue;
        turn_take(plugin);
        watch_call(c, "close", NULL, &call);
        plugin->connector.close(c->instances[i].self);
        call_end(&call);
        turn_give(plugin);
    }
}

/* ---- one call ---- */

/* Refuses what the circuit refuses. */
static int ask_circuit(struct connection *c, struct koppel_error *err)
{
    struct breaker_state state;
    pace_look(c);
    if (breaker_try(c->breaker))
        return 0;
    breaker_look(c->breaker, &state);
    err_reason(err, KOPPEL_E_RETRY, CONNECTION_CIRCUIT_OPEN, "%s: it rests, as it does not answer: "
               "%s", c->conf->name, state.why.text);
    if (err)
        err->retry_after_ms = state.retry_in_ms;
    return -1;
}

int instance_begin(struct connection *c, const char *op, const char *entity, json_t *trace,
                   struct instance_call *out, struct koppel_error *err)
{
    bool probe = strcmp(op, "probe") == 0; /* a person asks whether the peer works */
    if (c->conf->lacks)
        return err_reason(err, KOPPEL_E_CONFIG, "secret.missing", "%s", c->conf->lacks);
    if (!probe && ask_circuit(c, err) < 0)
        return -1;
    *out = (struct instance_call){.connection = c};
    if (take_one(c, &out->instance, err) < 0) {
        breaker_untried(c->breaker);
        return -1;
    }
    struct instance *in = out->instance;
    in->ctx.trace = trace;
    turn_take(c->conf->plugin);
    if (!in->opened && open_instance(c, in, err) < 0) {
        turn_give(c->conf->plugin);
        give_back(c, in);
        breaker_untried(c->breaker);
        return -1;
    }
    out->begun_ns = clock_monotonic_ns();
    watch_call(c, op, entity, &out->call);
    return 0;
}

static void measure(const struct instance_call *call, int rc, const struct koppel_error *err)
{
    const char *name = call->connection->conf->name;
    const char *kind = rc == 0 ? "ok" : err_kind_name(err->kind);
    char operation[METER_WORD_BYTES], code[16];
    size_t n = 0;
    for (; kind[n] && n < sizeof code - 1; n++)
        code[n] = (char)tolower((unsigned char)kind[n]);
    code[n] = '\0';
    snprintf(operation, sizeof operation, "%s%s%s", call->call.op, call->call.entity ? "/" : "",
             call->call.entity ? call->call.entity : "");
    meter_add(METER_CALL_US, name, operation, NULL,
              (clock_monotonic_ns() - call->begun_ns) / 1000);
    meter_add(METER_CALLS, name, operation, code, 1);
}

/* The circuit learns what the call says of the peer as a whole. */
static void tell_circuit(struct connection *c, const struct koppel_error *err)
{
    if (!err || err->kind == KOPPEL_E_REJECTED || err->kind == KOPPEL_E_EXISTS
        || err->kind == KOPPEL_E_AUTH)
        pace_tell(c, breaker_worked(c->breaker), 0, "");
    else
        pace_tell(c, false, breaker_failed(c->breaker, err), err->reason);
}

int instance_end(struct instance_call *call, int rc, struct koppel_error *err)
{
    struct connection *c = call->connection;
    const char *op = call->call.op;
    call_end(&call->call);
    turn_give(c->conf->plugin);
    if (rc != 0)
        rc = failure(c, op, err);
    measure(call, rc, err);
    tell_circuit(c, rc != 0 ? err : call->of_items);
    remember(c, rc != 0 ? err : NULL);
    give_back(c, call->instance);
    if (!atomic_load(&c->answered))
        forget_blocked(c);
    return rc;
}
