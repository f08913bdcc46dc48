/* SPDX-License-Identifier: MIT
 * Connections: their parts, made and taken down. */
#include "connection/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "connection/host_shared.h"
#include "connection/instance.h"
#include "connection/pace.h"
#include "oauth/oauth2.h"

#define OAUTH_TEXT_LIMIT 8192

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static void setting_into(const struct connection *c, const char *name, struct buf *out)
{
    char digits[32];
    const struct conf_setting *s = conf_setting(c->conf, name);
    if (!s)
        return;
    if (s->secret) {
        buf_add_text(out, secret_text(s->secret));
    } else if (s->text) {
        buf_add_text(out, s->text);
    } else {
        snprintf(digits, sizeof(digits), "%lld", (long long)s->number);
        buf_add_text(out, digits);
    }
}

/* Text with every {x} replaced by setting x. The catalogue's check made sure that x exists. */
static void expand(const struct connection *c, const char *name, struct buf *out)
{
    buf_init(out, OAUTH_TEXT_LIMIT);
    const json_t *oauth = json_object_get(c->conf->catalogue->json, "oauth2");
    const char *text = json_string_value(json_object_get(oauth, name));
    while (text && *text) {
        const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_add_text(out, text);
            return;
        }
        char setting[128];
        buf_add(out, text, (size_t)(open - text));
        snprintf(setting, sizeof(setting), "%.*s", (int)(close - open - 1), open + 1);
        setting_into(c, setting, out);
        text = close + 1;
    }
}

static int make_oauth(struct connection *c, struct koppel_error *err)
{
    static const char *const names[] = {"grant", "authorize_url", "token_url", "client_id",
                                        "client_secret", "scope"};
    enum { GRANT, AUTHORIZE_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE, TEXTS };
    struct buf text[TEXTS];
    struct secret *client_secret = NULL;
    int rc = 0;
    for (int i = 0; i < TEXTS; i++) {
        expand(c, names[i], &text[i]);
        if (!buf_ok(&text[i]))
            rc = err_set(err, KOPPEL_E_CONFIG, "%s is too long", names[i]);
    }
    if (rc == 0 && text[CLIENT_SECRET].bytes > 0) {
        client_secret = secret_new(text[CLIENT_SECRET].data, text[CLIENT_SECRET].bytes);
        if (!client_secret)
            rc = no_memory(err);
    }
    if (rc == 0) {
        struct oauth2_conf conf = {
            .connection = c->conf->name,
            .grant = buf_text(&text[GRANT]),
            .authorize_url = buf_text(&text[AUTHORIZE_URL]),
            .token_url = buf_text(&text[TOKEN_URL]),
            .client_id = buf_text(&text[CLIENT_ID]),
            .client_secret = client_secret,
            .scope = buf_text(&text[SCOPE]),
        };
        c->oauth = oauth2_new(&conf, c->http, c->store, err);
        rc = c->oauth ? 0 : -1;
    }
    secret_free(client_secret);
    for (int i = 0; i < TEXTS; i++)
        buf_wipe_done(&text[i]);
    return rc;
}

static int make_http(struct connection *c, struct koppel_error *err)
{
    struct http_limits limits = {
        .concurrency = c->instance_count,
        .rate_per_minute = c->conf->rate_per_minute,
        .share = pace_share,
        .share_arg = c,
        .connect_timeout_ms = c->conf->connect_timeout_ms,
        .timeout_ms = c->conf->timeout_ms,
        .limit_bytes = c->conf->limit_bytes,
        .tls_ca = c->conf->tls_ca,
        .tls_min = c->conf->tls_min,
    };
    c->http = http_new(c->conf->name, &limits, err);
    return c->http ? 0 : -1;
}

struct connection *connection_new(const struct conf_connection *conf, struct store *store,
                                  struct koppel_error *err)
{
    if (!conf->plugin || conf->plugin->entry.kind != KOPPEL_KIND_CONNECTOR) {
        err_set(err, KOPPEL_E_CONFIG, "connection %s: its plugin is no connector", conf->name);
        return NULL;
    }
    struct connection *c = calloc(1, sizeof(*c));
    if (!c) {
        no_memory(err);
        return NULL;
    }
    c->conf = conf;
    c->store = store;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->freed, NULL);
    atomic_init(&c->cancelled, false);
    atomic_init(&c->answered, false);
    for (int i = 0; i < conf->setting_count; i++) {
        if (conf->settings[i].secret)
            mask_add(secret_text(conf->settings[i].secret));
    }
    c->instance_count = conf->concurrency > 0 ? conf->concurrency : 1;
    c->instances = calloc((size_t)c->instance_count, sizeof(*c->instances));
    if (!c->instances) {
        no_memory(err);
        goto fail;
    }
    for (int i = 0; i < c->instance_count; i++)
        c->instances[i].ctx = (struct koppel_context){.connection = c, .plugin = conf->plugin};
    c->breaker = breaker_new(conf->name);
    if (!c->breaker) {
        no_memory(err);
        goto fail;
    }
    if (make_http(c, err) < 0 || (conf->catalogue->oauth && make_oauth(c, err) < 0)) {
        err_prefix(err, "connection %s", conf->name);
        goto fail;
    }
    return c;
fail:
    connection_free(c);
    return NULL;
}

void connection_free(struct connection *c)
{
    if (!c)
        return;
    instance_free_all(c);
    free(c->instances);
    oauth2_free(c->oauth);
    http_free(c->http);
    breaker_free(c->breaker);
    host_shared_done(c);
    pthread_cond_destroy(&c->freed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

const struct conf_connection *connection_conf(const struct connection *c)
{
    return c->conf;
}

struct http *connection_http(struct connection *c)
{
    return c->http;
}

struct oauth2 *connection_oauth(struct connection *c)
{
    return c->oauth;
}

struct breaker *connection_breaker(struct connection *c)
{
    return c->breaker;
}

void connection_cancel(struct connection *c)
{
    atomic_store(&c->cancelled, true);
    http_cancel_all(c->http);
    pthread_mutex_lock(&c->lock);
    pthread_cond_broadcast(&c->freed);
    pthread_mutex_unlock(&c->lock);
    breaker_wake(c->breaker);
}

int64_t connection_quiet_ms(const struct connection *c, const struct cat_entity *e)
{
    const struct conf_connection *conf = c->conf;
    return conf->timeout_ms + conf->quiet_ms + connection_lag_ms(c, e);
}

int64_t connection_lag_ms(const struct connection *c, const struct cat_entity *e)
{
    return c->conf->lag_ms >= 0 ? c->conf->lag_ms : e->lag_ms;
}

void connection_state(struct connection *c, struct connection_state *out)
{
    breaker_look(c->breaker, &out->circuit);
    pthread_mutex_lock(&c->lock);
    out->blocked = c->blocked;
    memcpy(out->blocked_call, c->blocked_call, sizeof out->blocked_call);
    out->called_ms = c->called_ms;
    out->answered_ms = c->answered_ms;
    pthread_mutex_unlock(&c->lock);
    struct http_certificate seen;
    bool any = http_certificate(c->http, &seen);
    out->certificate_ends_ms = any ? seen.ends_ms : 0;
    snprintf(out->certificate_host, sizeof out->certificate_host, "%s", any ? seen.host : "");
}
