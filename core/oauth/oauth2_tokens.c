/* SPDX-License-Identifier: MIT
 * The tokens of one connection: kept in memory, and sealed in the store before they are used, so
 * that a crash never loses a rotated refresh token. */
#include "oauth/oauth2_tokens.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"

static struct secret *token_new(const char *text, size_t bytes)
{
    struct secret *token = secret_new(text, bytes);
    if (token)
        mask_add(secret_text(token));
    return token;
}

struct secret *oauth2_tokens_member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    size_t bytes = json_string_length(value);
    if (bytes == 0 || bytes > SECRET_MAX_BYTES / 4)
        return NULL;
    return token_new(json_string_value(value), bytes);
}

struct secret *oauth2_tokens_copy(const struct secret *token)
{
    return token_new(secret_text(token), secret_bytes(token));
}

struct oauth2_bearer *oauth2_tokens_current(struct oauth2 *o)
{
    struct oauth2_bearer *b = NULL;
    pthread_mutex_lock(&o->lock);
    if (o->bearer && clock_now_ms() < o->expires_at_ms - OAUTH2_TOKENS_EARLY_MS)
        b = oauth2_bearer_ref(o->bearer);
    pthread_mutex_unlock(&o->lock);
    return b;
}

bool oauth2_tokens_same(const struct secret *a, const struct secret *b)
{
    return a && b && secret_bytes(a) == secret_bytes(b) &&
           sodium_memcmp(secret_text(a), secret_text(b), secret_bytes(a)) == 0;
}

int oauth2_tokens_no_memory(const struct oauth2 *o, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "%s: out of memory", o->connection);
}

void oauth2_tokens_done(struct oauth2_tokens *t)
{
    oauth2_bearer_forget(t->access);
    oauth2_bearer_forget(t->refresh);
    *t = (struct oauth2_tokens){0};
}

int oauth2_tokens_adopt(struct oauth2 *o, struct oauth2_tokens *t, struct koppel_error *err)
{
    struct oauth2_bearer *b = NULL, *old;
    if (t->access) {
        b = oauth2_bearer_new(t->access);
        t->access = NULL;
        if (!b) {
            oauth2_tokens_done(t);
            return oauth2_tokens_no_memory(o, err);
        }
    }
    if (!oauth2_tokens_same(t->refresh, o->refresh))
        o->dead = false;
    oauth2_bearer_forget(o->refresh);
    o->refresh = t->refresh;
    o->login_ends_ms = t->login_ends_ms;
    pthread_mutex_lock(&o->lock);
    old = o->bearer;
    o->bearer = b;
    o->expires_at_ms = t->expires_at_ms;
    pthread_mutex_unlock(&o->lock);
    oauth2_bearer_drop(old);
    *t = (struct oauth2_tokens){0};
    return 0;
}

static int tokens_parse(const struct oauth2 *o, const struct secret *sealed,
                        struct oauth2_tokens *out, struct koppel_error *err)
{
    json_t *j = json_read(secret_text(sealed), secret_bytes(sealed), NULL, NULL);
    *out = (struct oauth2_tokens){0};
    if (!json_is_object(j)) {
        json_decref(j);
        return err_set(err, KOPPEL_E_AUTH,
                       "%s: the stored tokens cannot be read; run: koppel "
                       "connect %s",
                       o->connection, o->connection);
    }
    out->access = oauth2_tokens_member(j, "access");
    out->refresh = oauth2_tokens_member(j, "refresh");
    out->expires_at_ms = (int64_t)json_integer_value(json_object_get(j, "expires_at_ms"));
    out->login_ends_ms = (int64_t)json_integer_value(json_object_get(j, "login_ends_ms"));
    json_decref(j);
    return 0;
}

struct secret *oauth2_tokens_format(const struct oauth2_tokens *t)
{
    struct secret *out = NULL;
    json_t *j = json_pack("{s:s, s:s, s:I, s:I}", "access", t->access ? secret_text(t->access) : "",
                          "refresh", t->refresh ? secret_text(t->refresh) : "", "expires_at_ms",
                          (json_int_t)t->expires_at_ms, "login_ends_ms",
                          (json_int_t)t->login_ends_ms);
    char *text = j ? json_text(j, false, NULL) : NULL;
    if (text) {
        out = secret_new(text, strlen(text));
        explicit_bzero(text, strlen(text));
    }
    free(text);
    json_decref(j);
    return out;
}

int oauth2_tokens_stored(struct oauth2 *o, struct oauth2_tokens *out, struct koppel_error *err)
{
    return oauth2_tokens_read(o, out, &o->rev, err);
}

int oauth2_tokens_read(const struct oauth2 *o, struct oauth2_tokens *out, int64_t *rev,
                       struct koppel_error *err)
{
    struct secret *sealed = NULL;
    int rc = 0;
    *out = (struct oauth2_tokens){0};
    if (o->store->ops->sealed_get(o->store, o->sealed_name, &sealed, rev, err) != 0)
        return -1;
    if (sealed)
        rc = tokens_parse(o, sealed, out, err);
    secret_free(sealed);
    return rc;
}

int oauth2_tokens_seal(struct oauth2 *o, bool *lost, struct koppel_error *err)
{
    struct oauth2_tokens t;
    int changed = 0, rc = 0;
    *lost = false;
    if (o->store->ops->sealed_put(o->store, o->sealed_name, secret_text(o->unsealed),
                                  secret_bytes(o->unsealed), o->rev, o->rev < 0 ? NULL : &changed,
                                  err) != 0)
        return err_prefix(err, "%s: new tokens were not stored", o->connection);
    *lost = changed != 0;
    if (!*lost)
        rc = tokens_parse(o, o->unsealed, &t, err);
    secret_free(o->unsealed);
    o->unsealed = NULL;
    return rc != 0 || *lost ? rc : oauth2_tokens_adopt(o, &t, err);
}
