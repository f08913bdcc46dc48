/* SPDX-License-Identifier: MIT
 * OAuth 2.0 of one connection: its token, refreshed by one thread of all hosts at a time.
 *
 * The calls of the token endpoint are oauth2_call.c's, logging in is oauth2_login.c's. */
#include "oauth/oauth2.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "oauth/oauth2_call.h"
#include "oauth/oauth2_tokens.h"
#include "store/keylock.h"

/* A host that holds the lock of a login for longer is gone: two calls of its token endpoint, and
 * the store. */
#define LOCK_MS (2 * OAUTH2_CALL_MS + 30000)

/* ---- refreshing; o->refreshing is held ---- */

static bool fresh(const struct oauth2_tokens *t, const struct secret *refused)
{
    return t->access && clock_now_ms() < t->expires_at_ms - OAUTH2_TOKENS_EARLY_MS &&
           !oauth2_tokens_same(t->access, refused);
}

static int never_connected(const struct oauth2 *o, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_AUTH, "oauth.missing", "%s: not logged in yet; run: koppel "
                      "connect %s", o->connection, o->connection);
}

/* One refresh call with o->refresh. *lost: what the store has is newer than what the peer gave. */
static int refresh_call(struct oauth2 *o, bool *ended, bool *lost, struct koppel_error *err)
{
    struct buf form;
    buf_init(&form, OAUTH2_CALL_FORM_BYTES);
    oauth2_call_form_add(&form, "grant_type", "refresh_token");
    oauth2_call_form_add(&form, "refresh_token", secret_text(o->refresh));
    struct oauth2_tokens t;
    int rc = oauth2_call_token(o, &form, &t, ended, err);
    buf_wipe_done(&form);
    if (rc != 0)
        return -1;
    o->unsealed = oauth2_tokens_format(&t);
    oauth2_tokens_done(&t);
    return o->unsealed ? oauth2_tokens_seal(o, lost, err) : oauth2_tokens_no_memory(o, err);
}

/* Takes over what another process has stored. *done: its access token is good. */
static int take_stored(struct oauth2 *o, const struct secret *refused, bool *done, bool *rotated,
                       struct koppel_error *err)
{
    struct oauth2_tokens t;
    *done = *rotated = false;
    if (oauth2_tokens_stored(o, &t, err) != 0)
        return -1;
    o->loaded = true;
    if (!t.refresh && !t.access) {
        oauth2_tokens_done(&t);
        return 0;
    }
    *rotated = !oauth2_tokens_same(t.refresh, o->refresh);
    *done = fresh(&t, refused);
    if (*rotated || *done)
        return oauth2_tokens_adopt(o, &t, err);
    oauth2_tokens_done(&t);
    return 0;
}

/* With the lock of the login: the refresh token that stands in the store is this thread's to
 * use. */
static int refresh_locked(struct oauth2 *o, const struct secret *refused, struct koppel_error *err)
{
    bool done, rotated, ended = false, lost = true;
    if (o->unsealed && oauth2_tokens_seal(o, &lost, err) != 0)
        return -1;
    if (!lost)
        return 0;
    if (take_stored(o, refused, &done, &rotated, err) != 0)
        return -1;
    for (int attempt = 0; !done; attempt++) {
        if (!o->refresh)
            return never_connected(o, err);
        if (o->dead)
            return err_reason(err, KOPPEL_E_AUTH, "oauth.invalid_grant", "%s: the login has ended; "
                              "run: koppel connect %s", o->connection, o->connection);
        lost = false;
        int rc = refresh_call(o, &ended, &lost, err);
        if (rc == 0 && !lost)
            return 0;
        if (rc != 0 && (!ended || attempt > 0)) {
            o->dead = ended;
            return -1;
        }
        if (lost && attempt > 0)
            return err_set(err, KOPPEL_E_RETRY, "%s: its tokens were changed by others meanwhile",
                           o->connection);
        /* Somebody logged in anew, or another host used this refresh token a moment before us. */
        if (take_stored(o, refused, &done, &rotated, err) != 0)
            return -1;
        if (!lost && !done && !rotated) {
            o->dead = true;
            return -1; /* err is the peer's refusal */
        }
    }
    if (ended && err)
        *err = (struct koppel_error){0};
    return 0;
}

static bool is_cancelled(const void *arg)
{
    return http_cancelled(arg);
}

/* A refresh token that rotates is good for one use: over all hosts one refreshes, and the others
 * take what it has stored. */
static int refresh_stored(struct oauth2 *o, const struct secret *refused, struct koppel_error *err)
{
    struct keylock *held =
        keylock_take(o->store, o->sealed_name, LOCK_MS, is_cancelled, o->http, err);
    if (!held)
        return err_prefix(err, "%s: the tokens are not refreshed", o->connection);
    int rc = refresh_locked(o, refused, err);
    keylock_give(held);
    return rc;
}

/* The first renewal that fails is told, and what ends it. That nobody ever logged in is told by
 * what needs the login. */
static void tell(struct oauth2 *o, int rc, const struct koppel_error *why)
{
    if (rc == 0 && o->failing == KOPPEL_E_AUTH)
        log_info(LOG_ABOUT(.event = "login", .connection = o->connection), "it is logged in");
    else if (rc == 0 && o->failing)
        log_info(LOG_ABOUT(.event = "token", .connection = o->connection),
                 "its access token is renewed again");
    else if (rc != 0 && why->kind != o->failing && strcmp(why->reason, "oauth.missing") != 0)
        log_warning(LOG_ABOUT(.event = "token", .connection = o->connection,
                              .reason = why->reason),
                    "its access token is not renewed: %s", why->text);
    o->failing = rc == 0 ? 0 : why->kind;
}

/* Waits for the one refresh under way, or does it. refused: a token the peer no longer takes,
 * or NULL. */
static int renew(struct oauth2 *o, const struct secret *refused, struct koppel_error *err)
{
    struct koppel_error why = {0};
    int rc = 0;
    pthread_mutex_lock(&o->refreshing);
    struct oauth2_bearer *b = oauth2_tokens_current(o);
    if (!b || oauth2_tokens_same(oauth2_bearer_secret(b), refused)) {
        if (strcmp(o->grant, "client_credentials") == 0)
            rc = oauth2_call_credentials(o, &why);
        else
            rc = refresh_stored(o, refused, &why);
        if (rc == 0 || why.kind != KOPPEL_E_CANCELLED)
            tell(o, rc, &why);
    }
    oauth2_bearer_drop(b);
    pthread_mutex_unlock(&o->refreshing);
    if (rc != 0 && err)
        *err = why;
    return rc;
}

/* ---- what others call ---- */

struct oauth2 *oauth2_new(const struct oauth2_conf *conf, struct http *http, struct store *store,
                          struct koppel_error *err)
{
    bool code = strcmp(conf->grant, "authorization_code") == 0;
    if (!code && strcmp(conf->grant, "client_credentials") != 0) {
        err_set(err, KOPPEL_E_CONFIG, "%s: the OAuth grant \"%s\" is unknown; use "
                "authorization_code or client_credentials", conf->connection, conf->grant);
        return NULL;
    }
    if (!conf->token_url || !conf->client_id || (code && !conf->authorize_url)) {
        err_set(err, KOPPEL_E_CONFIG, "%s: the OAuth settings lack %s", conf->connection,
                !conf->client_id ? "client_id" : !conf->token_url ? "the token address"
                                                                  : "the authorize address");
        return NULL;
    }
    struct oauth2 *o = calloc(1, sizeof *o);
    if (!o)
        goto failed;
    pthread_mutex_init(&o->lock, NULL);
    pthread_mutex_init(&o->refreshing, NULL);
    o->http = http;
    o->store = store;
    o->connection = strdup(conf->connection);
    o->grant = strdup(conf->grant);
    o->authorize_url = strdup(conf->authorize_url ? conf->authorize_url : "");
    o->token_url = strdup(conf->token_url);
    o->client_id = strdup(conf->client_id);
    o->scope = strdup(conf->scope ? conf->scope : "");
    if (asprintf(&o->sealed_name, "oauth/%s", conf->connection) < 0)
        o->sealed_name = NULL;
    if (conf->client_secret) {
        o->client_secret = secret_new(secret_text(conf->client_secret),
                                      secret_bytes(conf->client_secret));
        if (!o->client_secret)
            goto failed;
        mask_add(secret_text(o->client_secret));
    }
    if (o->connection && o->grant && o->authorize_url && o->token_url && o->client_id && o->scope &&
        o->sealed_name)
        return o;
failed:
    oauth2_free(o);
    err_set(err, KOPPEL_E_RETRY, "%s: out of memory", conf->connection);
    return NULL;
}

void oauth2_free(struct oauth2 *o)
{
    if (!o)
        return;
    oauth2_bearer_drop(o->bearer);
    if (o->client_secret)
        mask_forget(secret_text(o->client_secret));
    secret_free(o->client_secret);
    oauth2_bearer_forget(o->refresh);
    secret_free(o->unsealed);
    free(o->connection);
    free(o->grant);
    free(o->authorize_url);
    free(o->token_url);
    free(o->client_id);
    free(o->scope);
    free(o->sealed_name);
    pthread_mutex_destroy(&o->lock);
    pthread_mutex_destroy(&o->refreshing);
    free(o);
}

int oauth2_hold(struct oauth2 *o, struct oauth2_bearer **out, struct koppel_error *err)
{
    *out = oauth2_tokens_current(o);
    if (*out)
        return 0;
    if (renew(o, NULL, err) != 0)
        return -1;
    *out = oauth2_tokens_current(o);
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "%s: the new access token ended at once",
                              o->connection);
}

int oauth2_token(struct oauth2 *o, struct secret **out, struct koppel_error *err)
{
    struct oauth2_bearer *b;
    if (oauth2_hold(o, &b, err) != 0)
        return -1;
    *out = secret_new(secret_text(oauth2_bearer_secret(b)), secret_bytes(oauth2_bearer_secret(b)));
    oauth2_bearer_drop(b);
    return *out ? 0 : oauth2_tokens_no_memory(o, err);
}

int oauth2_look(struct oauth2 *o, struct oauth2_state *out, struct koppel_error *err)
{
    struct oauth2_tokens t;
    *out = (struct oauth2_state){.ended = atomic_load(&o->failing) == KOPPEL_E_AUTH};
    if (strcmp(o->grant, "client_credentials") == 0) {
        out->in = true; /* by its settings */
        pthread_mutex_lock(&o->lock);
        out->until_ms = o->bearer ? o->expires_at_ms : 0;
        pthread_mutex_unlock(&o->lock);
        return 0;
    }
    if (oauth2_tokens_read(o, &t, NULL, err) != 0)
        return -1;
    out->in = t.refresh || t.access;
    out->until_ms = t.access ? t.expires_at_ms : 0;
    out->login_ends_ms = t.login_ends_ms;
    oauth2_tokens_done(&t);
    return 0;
}

int oauth2_refused(struct oauth2 *o, const struct secret *used, struct koppel_error *err)
{
    return renew(o, used, err);
}
