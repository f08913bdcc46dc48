/* SPDX-License-Identifier: MIT
 * OAuth 2.0 tokens of one connection: kept in memory, refreshed by one thread at a time, and sealed
 * in the store before they are used, so that a crash never loses a rotated refresh token.
 *
 * The redirect of `koppel connect` is oauth2_redirect.c's. */
#include "http/oauth2.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "http/http_trace.h"
#include "http/oauth2_redirect.h"

#define EARLY_MS 30000            /* a token that ends this soon is refreshed */
#define EXPIRES_DEFAULT_MS 300000 /* where the peer does not tell: ask again soon */
#define EXPIRES_MAX_MS INT64_C(31536000000)
#define FORM_MAX_BYTES (64 * 1024)
#define ANSWER_MAX_BYTES (256 * 1024)
#define RANDOM_BYTES 32
#define RANDOM_TEXT_BYTES 64 /* holds its base64 */

struct oauth2_bearer {
    atomic_int refs;
    struct secret *token;
};

/* What the store keeps. */
struct tokens {
    struct secret *access, *refresh; /* NULL: none */
    int64_t expires_at_ms;
};

struct oauth2 {
    char *connection, *grant, *authorize_url, *token_url, *client_id, *scope, *sealed_name;
    struct secret *client_secret;
    struct http *http;
    struct store *store;

    pthread_mutex_t lock; /* guards the next two; never held over I/O */
    struct oauth2_bearer *bearer;
    int64_t expires_at_ms;

    pthread_mutex_t refreshing; /* held over I/O; guards the rest */
    struct secret *refresh;
    bool loaded;
    bool dead;              /* the peer refused `refresh`: only a new one helps */
    struct secret *unsealed; /* tokens as JSON that the store could not take yet */
};

/* ---- bearers ---- */

const struct secret *oauth2_bearer_secret(const struct oauth2_bearer *b)
{
    return b->token;
}

void oauth2_drop(struct oauth2_bearer *b)
{
    if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
        return;
    secret_free(b->token);
    free(b);
}

/* The token that is good now, with a reference, or NULL. */
static struct oauth2_bearer *current(struct oauth2 *o)
{
    struct oauth2_bearer *b = NULL;

    pthread_mutex_lock(&o->lock);
    if (o->bearer && clock_now_ms() < o->expires_at_ms - EARLY_MS) {
        b = o->bearer;
        atomic_fetch_add(&b->refs, 1);
    }
    pthread_mutex_unlock(&o->lock);
    return b;
}

static bool same(const struct secret *a, const struct secret *b)
{
    return a && b && secret_bytes(a) == secret_bytes(b) &&
           sodium_memcmp(secret_text(a), secret_text(b), secret_bytes(a)) == 0;
}

static int no_memory(const struct oauth2 *o, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", o->connection);
}

static void tokens_done(struct tokens *t)
{
    secret_free(t->access);
    secret_free(t->refresh);
    *t = (struct tokens){0};
}

/* Makes these the tokens in use. t is emptied. */
static int adopt(struct oauth2 *o, struct tokens *t, struct koppel_error *err)
{
    struct oauth2_bearer *b = NULL, *old;

    if (t->access) {
        b = calloc(1, sizeof *b);
        if (!b) {
            tokens_done(t);
            return no_memory(o, err);
        }
        atomic_init(&b->refs, 1);
        b->token = t->access;
        secret_mask_add(secret_text(b->token));
    }
    if (t->refresh)
        secret_mask_add(secret_text(t->refresh));
    if (!same(t->refresh, o->refresh))
        o->dead = false;
    secret_free(o->refresh);
    o->refresh = t->refresh;
    pthread_mutex_lock(&o->lock);
    old = o->bearer;
    o->bearer = b;
    o->expires_at_ms = t->expires_at_ms;
    pthread_mutex_unlock(&o->lock);
    oauth2_drop(old);
    *t = (struct tokens){0};
    return 0;
}

/* ---- the store ---- */

static struct secret *member_secret(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    size_t bytes = json_string_length(value);

    if (bytes == 0 || bytes > SECRET_MAX_BYTES / 4)
        return NULL;
    return secret_new(json_string_value(value), bytes);
}

static int tokens_parse(const struct oauth2 *o, const struct secret *sealed, struct tokens *out,
                        struct koppel_error *err)
{
    json_t *j = json_loadb(secret_text(sealed), secret_bytes(sealed), 0, NULL);

    *out = (struct tokens){0};
    if (!json_is_object(j)) {
        json_decref(j);
        return err_set(err, KOPPEL_E_AUTH, "%s: the stored tokens cannot be read; run: koppel "
                       "connect %s", o->connection, o->connection);
    }
    out->access = member_secret(j, "access");
    out->refresh = member_secret(j, "refresh");
    out->expires_at_ms = (int64_t)json_integer_value(json_object_get(j, "expires_at_ms"));
    json_decref(j);
    return 0;
}

static struct secret *tokens_format(const struct tokens *t)
{
    struct secret *out = NULL;
    json_t *j = json_pack("{s:s, s:s, s:I}", "access", t->access ? secret_text(t->access) : "",
                          "refresh", t->refresh ? secret_text(t->refresh) : "", "expires_at_ms",
                          (json_int_t)t->expires_at_ms);
    char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;

    if (text) {
        out = secret_new(text, strlen(text));
        explicit_bzero(text, strlen(text));
    }
    free(text);
    json_decref(j);
    return out;
}

/* What the store has now; empty tokens where it has none. */
static int tokens_stored(struct oauth2 *o, struct tokens *out, struct koppel_error *err)
{
    struct secret *sealed = NULL;
    int rc = 0;

    *out = (struct tokens){0};
    if (o->store->ops->sealed_get(o->store, o->sealed_name, &sealed, err) != 0)
        return -1;
    if (sealed)
        rc = tokens_parse(o, sealed, out, err);
    secret_free(sealed);
    return rc;
}

/* Seals what the peer issued and only then puts it to use. What cannot be sealed is kept in memory
 * and tried again: the peer may have ended the refresh token before it. */
static int seal_and_adopt(struct oauth2 *o, struct koppel_error *err)
{
    struct tokens t;

    if (o->store->ops->sealed_put(o->store, o->sealed_name, secret_text(o->unsealed),
                                  secret_bytes(o->unsealed), err) != 0)
        return err_prefix(err, "%s: new tokens were not stored", o->connection);
    int rc = tokens_parse(o, o->unsealed, &t, err);
    secret_free(o->unsealed);
    o->unsealed = NULL;
    return rc != 0 ? -1 : adopt(o, &t, err);
}

/* ---- the token endpoint ---- */

static void form_add(struct buf *form, const char *name, const char *value)
{
    size_t bytes = strlen(value);
    char *escaped = malloc(bytes * 3 + 1);

    if (form->bytes > 0)
        buf_add_char(form, '&');
    buf_add_text(form, name);
    buf_add_char(form, '=');
    if (!escaped) {
        form->failed = true;
        return;
    }
    buf_add(form, escaped, http_trace_escape(value, bytes, escaped));
    explicit_bzero(escaped, bytes * 3);
    free(escaped);
}

/* The peer's error code and words: "invalid_grant (it has ended)". */
static void answer_words(const struct koppel_http_response *r, char *code, size_t code_room,
                         char *words, size_t words_room)
{
    static const struct koppel_http_request no_pairs;
    json_t *j = json_loadb(r->body, (size_t)r->body_bytes, 0, NULL);
    const char *error = json_string_value(json_object_get(j, "error"));
    const char *about = json_string_value(json_object_get(j, "error_description"));
    char text[512];

    snprintf(code, code_room, "%s", error ? error : "");
    snprintf(text, sizeof text, "%s%s%s%s", error ? error : "no OAuth error given",
             about ? " (" : "", about ? about : "", about ? ")" : "");
    http_trace_excerpt(&no_pairs, text, strlen(text), words, words_room);
    json_decref(j);
}

static int answer_refused(struct oauth2 *o, const struct koppel_http_response *r, bool *grant_ended,
                          struct koppel_error *err)
{
    char code[64], words[256];

    answer_words(r, code, sizeof code, words, sizeof words);
    if (strcmp(code, "invalid_grant") == 0) {
        *grant_ended = true;
        return err_reason(err, KOPPEL_E_AUTH, "oauth.invalid_grant",
                          "%s: the login has ended: %s; run: koppel connect %s", o->connection,
                          words, o->connection);
    }
    if (strcmp(code, "invalid_client") == 0 || strcmp(code, "unauthorized_client") == 0)
        return err_reason(err, KOPPEL_E_AUTH, "oauth.client",
                          "%s: the identity server refused this client: %s; check client_id and "
                          "client_secret", o->connection, words);
    if (r->status >= 500)
        return err_set(err, KOPPEL_E_RETRY, "%s: the identity server answered %u: %s",
                       o->connection, r->status, words);
    return err_reason(err, KOPPEL_E_AUTH, "oauth.refused",
                      "%s: the identity server answered %u: %s; run: koppel connect %s",
                      o->connection, r->status, words, o->connection);
}

/* Tokens out of the answer; a refresh token that is not named again stays as it was. */
static int answer_tokens(struct oauth2 *o, const struct koppel_http_response *r, struct tokens *out,
                         struct koppel_error *err)
{
    json_t *j = json_loadb(r->body, (size_t)r->body_bytes, 0, NULL);
    const json_t *told = json_object_get(j, "expires_in");
    int64_t ms = EXPIRES_DEFAULT_MS;

    *out = (struct tokens){0};
    if (json_is_integer(told))
        ms = json_integer_value(told) > EXPIRES_MAX_MS / 1000
                 ? EXPIRES_MAX_MS : (int64_t)json_integer_value(told) * 1000;
    else if (json_is_string(told))
        ms = strtoll(json_string_value(told), NULL, 10) * 1000;
    /* A token that is shorter-lived than our margin would be refreshed for each request. */
    if (ms < EARLY_MS + 1000)
        ms = EARLY_MS + 1000;
    if (ms > EXPIRES_MAX_MS)
        ms = EXPIRES_MAX_MS;
    out->access = member_secret(j, "access_token");
    out->refresh = member_secret(j, "refresh_token");
    if (!out->refresh && o->refresh)
        out->refresh = secret_new(secret_text(o->refresh), secret_bytes(o->refresh));
    out->expires_at_ms = clock_now_ms() + ms;
    json_decref(j);
    if (!out->access) {
        tokens_done(out);
        return err_set(err, KOPPEL_E_RETRY, "%s: the identity server's answer has no access_token",
                       o->connection);
    }
    secret_mask_add(secret_text(out->access));
    if (out->refresh)
        secret_mask_add(secret_text(out->refresh));
    return 0;
}

/* Posts the form, wiped afterwards and never traced. */
static int token_call(struct oauth2 *o, struct buf *form, struct tokens *out, bool *grant_ended,
                      struct koppel_error *err)
{
    const struct koppel_pair headers[] = {
        {"Content-Type", "application/x-www-form-urlencoded", 0},
        {"Accept", "application/json", 0},
    };
    struct koppel_http_request request = {.struct_size = sizeof request};
    struct koppel_http_response response = {.struct_size = sizeof response};
    int rc;

    *grant_ended = false;
    form_add(form, "client_id", o->client_id);
    if (o->client_secret)
        form_add(form, "client_secret", secret_text(o->client_secret));
    if (!buf_ok(form))
        return no_memory(o, err);
    request.method = "POST";
    request.url = o->token_url;
    request.headers = headers;
    request.header_count = 2;
    request.body = buf_text(form);
    request.body_bytes = form->bytes;
    request.limit_bytes = ANSWER_MAX_BYTES;
    request.what = "token";
    if (http_exchange(o->http, &request, &response, NULL, err) != 0)
        return -1;
    if (response.status == 200)
        rc = answer_tokens(o, &response, out, err);
    else
        rc = answer_refused(o, &response, grant_ended, err);
    if (response.host_private)
        explicit_bzero(response.host_private, (size_t)response.body_bytes);
    http_response_done(&response);
    return rc;
}

/* ---- refreshing; o->refreshing is held ---- */

static bool fresh(const struct tokens *t, const struct secret *refused)
{
    return t->access && clock_now_ms() < t->expires_at_ms - EARLY_MS && !same(t->access, refused);
}

static int never_connected(const struct oauth2 *o, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_AUTH, "oauth.missing", "%s: not logged in yet; run: koppel "
                      "connect %s", o->connection, o->connection);
}

static int client_credentials(struct oauth2 *o, struct koppel_error *err)
{
    struct tokens t;
    struct buf form;
    bool ended;

    buf_init(&form, FORM_MAX_BYTES);
    form_add(&form, "grant_type", "client_credentials");
    if (o->scope[0])
        form_add(&form, "scope", o->scope);
    int rc = token_call(o, &form, &t, &ended, err);
    buf_wipe_done(&form);
    return rc != 0 ? -1 : adopt(o, &t, err); /* nothing rotates: nothing to seal */
}

/* One refresh call with o->refresh. */
static int refresh_call(struct oauth2 *o, bool *ended, struct koppel_error *err)
{
    struct tokens t;
    struct buf form;

    buf_init(&form, FORM_MAX_BYTES);
    form_add(&form, "grant_type", "refresh_token");
    form_add(&form, "refresh_token", secret_text(o->refresh));
    int rc = token_call(o, &form, &t, ended, err);
    buf_wipe_done(&form);
    if (rc != 0)
        return -1;
    o->unsealed = tokens_format(&t);
    tokens_done(&t);
    return o->unsealed ? seal_and_adopt(o, err) : no_memory(o, err);
}

/* Takes over what another process has stored. *done: its access token is good. */
static int take_stored(struct oauth2 *o, const struct secret *refused, bool *done, bool *rotated,
                       struct koppel_error *err)
{
    struct tokens t;

    *done = *rotated = false;
    if (tokens_stored(o, &t, err) != 0)
        return -1;
    o->loaded = true;
    if (!t.refresh && !t.access) {
        tokens_done(&t);
        return 0;
    }
    *rotated = !same(t.refresh, o->refresh);
    *done = fresh(&t, refused);
    if (*rotated || *done)
        return adopt(o, &t, err);
    tokens_done(&t);
    return 0;
}

static int refresh_stored(struct oauth2 *o, const struct secret *refused, struct koppel_error *err)
{
    bool done, rotated, ended = false;

    if (o->unsealed)
        return seal_and_adopt(o, err);
    if (take_stored(o, refused, &done, &rotated, err) != 0)
        return -1;
    for (int attempt = 0; !done; attempt++) {
        if (!o->refresh)
            return never_connected(o, err);
        if (o->dead)
            return err_reason(err, KOPPEL_E_AUTH, "oauth.invalid_grant", "%s: the login has ended; "
                              "run: koppel connect %s", o->connection, o->connection);
        if (refresh_call(o, &ended, err) == 0)
            return 0;
        if (!ended || attempt > 0) {
            o->dead = ended;
            return -1;
        }
        /* Another process may have used this refresh token a moment before us. */
        if (take_stored(o, refused, &done, &rotated, err) != 0)
            return -1;
        if (!done && !rotated) {
            o->dead = true;
            return -1; /* err is the peer's refusal */
        }
    }
    if (ended && err)
        *err = (struct koppel_error){0};
    return 0;
}

/* Waits for the one refresh under way, or does it. refused: a token the peer no longer takes,
 * or NULL. */
static int renew(struct oauth2 *o, const struct secret *refused, struct koppel_error *err)
{
    int rc = 0;

    pthread_mutex_lock(&o->refreshing);
    struct oauth2_bearer *b = current(o);
    if (!b || same(b->token, refused)) {
        if (strcmp(o->grant, "client_credentials") == 0)
            rc = client_credentials(o, err);
        else
            rc = refresh_stored(o, refused, err);
    }
    oauth2_drop(b);
    pthread_mutex_unlock(&o->refreshing);
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
        secret_mask_add(secret_text(o->client_secret));
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
    oauth2_drop(o->bearer);
    secret_free(o->client_secret);
    secret_free(o->refresh);
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
    *out = current(o);
    if (*out)
        return 0;
    if (renew(o, NULL, err) != 0)
        return -1;
    *out = current(o);
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "%s: the new access token ended at once",
                              o->connection);
}

int oauth2_token(struct oauth2 *o, struct secret **out, struct koppel_error *err)
{
    struct oauth2_bearer *b;

    if (oauth2_hold(o, &b, err) != 0)
        return -1;
    *out = secret_new(secret_text(b->token), secret_bytes(b->token));
    oauth2_drop(b);
    return *out ? 0 : no_memory(o, err);
}

int oauth2_refused(struct oauth2 *o, const struct secret *used, struct koppel_error *err)
{
    return renew(o, used, err);
}

int oauth2_reload(struct oauth2 *o, struct koppel_error *err)
{
    struct tokens t;
    int rc = 0;

    if (strcmp(o->grant, "client_credentials") == 0)
        return 0;
    pthread_mutex_lock(&o->refreshing);
    if (tokens_stored(o, &t, err) != 0)
        rc = -1;
    else if (!t.refresh && !t.access)
        rc = never_connected(o, err);
    else
        rc = adopt(o, &t, err);
    if (rc == 0) {
        secret_free(o->unsealed); /* a new login is newer than what could not be stored */
        o->unsealed = NULL;
        o->dead = false;
    }
    pthread_mutex_unlock(&o->refreshing);
    return rc;
}

/* ---- koppel connect ---- */

static void base64_url(const unsigned char *bytes, size_t n, char out[RANDOM_TEXT_BYTES])
{
    sodium_bin2base64(out, RANDOM_TEXT_BYTES, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void random_text(char out[RANDOM_TEXT_BYTES])
{
    unsigned char bytes[RANDOM_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    base64_url(bytes, sizeof bytes, out);
    sodium_memzero(bytes, sizeof bytes);
}

static void authorize_query(const struct oauth2 *o, const char *redirect_uri, const char *state,
                            const char *verifier, struct buf *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char challenge[RANDOM_TEXT_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    base64_url(hash, sizeof hash, challenge);
    form_add(out, "response_type", "code");
    form_add(out, "client_id", o->client_id);
    form_add(out, "redirect_uri", redirect_uri);
    if (o->scope[0])
        form_add(out, "scope", o->scope);
    form_add(out, "state", state);
    form_add(out, "code_challenge", challenge);
    form_add(out, "code_challenge_method", "S256");
}

static int code_call(struct oauth2 *o, const char *code, const char *redirect_uri,
                     const char *verifier, struct koppel_error *err)
{
    struct tokens t;
    struct buf form;
    bool ended;
    int rc;

    buf_init(&form, FORM_MAX_BYTES);
    form_add(&form, "grant_type", "authorization_code");
    form_add(&form, "code", code);
    form_add(&form, "redirect_uri", redirect_uri);
    form_add(&form, "code_verifier", verifier);
    pthread_mutex_lock(&o->refreshing);
    secret_free(o->refresh); /* of an earlier login; it must not be mixed with the new one */
    o->refresh = NULL;
    rc = token_call(o, &form, &t, &ended, err);
    if (rc == 0) {
        secret_free(o->unsealed);
        o->unsealed = tokens_format(&t);
        tokens_done(&t);
        rc = o->unsealed ? seal_and_adopt(o, err) : no_memory(o, err);
    }
    pthread_mutex_unlock(&o->refreshing);
    buf_wipe_done(&form);
    return rc;
}

static int connect_by_code(struct oauth2 *o, struct oauth2_redirect *redirect, int64_t wait_ms,
                           void (*show)(void *arg, const char *url), void *arg,
                           struct koppel_error *err)
{
    char state[RANDOM_TEXT_BYTES], verifier[RANDOM_TEXT_BYTES], redirect_uri[64];
    char *code = NULL;
    struct buf query, url;
    int rc = -1;

    buf_init(&query, FORM_MAX_BYTES);
    buf_init(&url, FORM_MAX_BYTES);
    random_text(state);
    random_text(verifier);
    snprintf(redirect_uri, sizeof redirect_uri, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH,
             oauth2_redirect_port(redirect));
    authorize_query(o, redirect_uri, state, verifier, &query);
    buf_printf(&url, "%s%c%s", o->authorize_url, strchr(o->authorize_url, '?') ? '&' : '?',
               buf_text(&query));
    if (!buf_ok(&query) || !buf_ok(&url)) {
        no_memory(o, err);
        goto out;
    }
    show(arg, buf_text(&url));
    if (oauth2_redirect_wait(redirect, o->http, state, wait_ms, &code, err) != 0) {
        err_prefix(err, "%s", o->connection);
        goto out;
    }
    secret_mask_add(code);
    rc = code_call(o, code, redirect_uri, verifier, err);
out:
    if (code)
        explicit_bzero(code, strlen(code));
    free(code);
    sodium_memzero(verifier, sizeof verifier);
    buf_done(&query);
    buf_done(&url);
    return rc;
}

int oauth2_connect(struct oauth2 *o, int port, int64_t wait_ms,
                   void (*show)(void *arg, const char *url), void *arg, struct koppel_error *err)
{
    struct oauth2_redirect *redirect;
    int rc;

    if (strcmp(o->grant, "client_credentials") == 0) {
        pthread_mutex_lock(&o->refreshing);
        rc = client_credentials(o, err);
        pthread_mutex_unlock(&o->refreshing);
        return rc;
    }
    redirect = oauth2_redirect_new(port, err);
    if (!redirect)
        return -1;
    rc = connect_by_code(o, redirect, wait_ms, show, arg, err);
    oauth2_redirect_free(redirect);
    return rc;
}
