/* SPDX-License-Identifier: MIT
 * Logging in by a browser, in two steps. */
#include "oauth/oauth2_login.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cut.h"
#include "oauth/oauth2_call.h"
#include "oauth/oauth2_tokens.h"
#include "store/store_sealed.h"

#define RANDOM_BYTES 32
#define RANDOM_TEXT_BYTES 64 /* holds its base64 */
#define NAME_BYTES 320
#define NAME_HASH_BYTES 12
#define WORDS_MAX_BYTES 200

/* ---- what was begun, in the store ---- */

struct begun {
    char verifier[RANDOM_TEXT_BYTES];
    char *redirect_uri;
    int64_t until_ms;
};

static void begun_done(struct begun *b)
{
    explicit_bzero(b->verifier, sizeof b->verifier);
    free(b->redirect_uri);
}

static int begun_prefix(const struct oauth2 *o, char out[NAME_BYTES])
{
    return snprintf(out, NAME_BYTES, "login/%.250s/", o->connection);
}

/* The state is what it is found by; its hash, as names are not sealed. */
static void begun_name(const struct oauth2 *o, const char *state, char out[NAME_BYTES])
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)state, strlen(state), NULL, 0);
    int n = begun_prefix(o, out);
    sodium_bin2hex(out + n, NAME_BYTES - (size_t)n, hash, NAME_HASH_BYTES);
}

static int begun_put(struct oauth2 *o, const char *state, const struct begun *b,
                     struct koppel_error *err)
{
    char name[NAME_BYTES];
    json_t *j = json_pack("{s:s,s:s,s:I}", "verifier", b->verifier, "redirect", b->redirect_uri,
                          "until_ms", (json_int_t)b->until_ms);
    begun_name(o, state, name);
    return store_sealed_put(o->store, name, j, -1, NULL, err);
}

/* *found: there is one of this name that is not over yet. */
static int begun_get(struct oauth2 *o, const char *name, struct begun *out, bool *found,
                     struct koppel_error *err)
{
    json_t *j;
    *out = (struct begun){0};
    *found = false;
    if (store_sealed_get(o->store, name, &j, NULL, err) != 0)
        return -1;
    if (!j)
        return 0;
    const char *redirect = json_string_value(json_object_get(j, "redirect"));
    const char *verifier = json_string_value(json_object_get(j, "verifier"));
    out->until_ms = json_integer_value(json_object_get(j, "until_ms"));
    snprintf(out->verifier, sizeof out->verifier, "%s", verifier ? verifier : "");
    out->redirect_uri = strdup(redirect ? redirect : "");
    *found = out->until_ms > clock_now_ms();
    json_decref(j);
    return out->redirect_uri ? 0 : oauth2_tokens_no_memory(o, err);
}

static int take_name(void *arg, const char *name)
{
    return json_array_append_new(arg, json_string(name));
}

/* Forgets what was begun and never finished. */
static void drop_old(struct oauth2 *o)
{
    struct koppel_error ignored = {0};
    char prefix[NAME_BYTES];
    size_t i;
    json_t *name, *names = json_array();
    (void)begun_prefix(o, prefix);
    if (names)
        (void)o->store->ops->sealed_names(o->store, prefix, take_name, names, &ignored);
    json_array_foreach(names, i, name) {
        struct begun b;
        bool found;
        if (begun_get(o, json_string_value(name), &b, &found, &ignored) == 0 && !found)
            (void)o->store->ops->sealed_drop(o->store, json_string_value(name), &ignored);
        begun_done(&b);
    }
    json_decref(names);
}

/* ---- the first step ---- */

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
    oauth2_call_form_add(out, "response_type", "code");
    oauth2_call_form_add(out, "client_id", o->client_id);
    oauth2_call_form_add(out, "redirect_uri", redirect_uri);
    if (o->scope[0])
        oauth2_call_form_add(out, "scope", o->scope);
    oauth2_call_form_add(out, "state", state);
    oauth2_call_form_add(out, "code_challenge", challenge);
    oauth2_call_form_add(out, "code_challenge_method", "S256");
}

int oauth2_login_begin(struct oauth2 *o, const char *redirect_uri, char **url, char **state,
                       struct koppel_error *err)
{
    struct begun b = {.until_ms = clock_now_ms() + OAUTH2_LOGIN_MS};
    char made[RANDOM_TEXT_BYTES];
    struct buf query, address;
    int rc = -1;
    buf_init(&query, OAUTH2_CALL_FORM_BYTES);
    buf_init(&address, OAUTH2_CALL_FORM_BYTES);
    random_text(made);
    random_text(b.verifier);
    b.redirect_uri = strdup(redirect_uri);
    authorize_query(o, redirect_uri, made, b.verifier, &query);
    buf_printf(&address, "%s%c%s", o->authorize_url, strchr(o->authorize_url, '?') ? '&' : '?',
               buf_text(&query));
    *url = NULL;
    *state = strdup(made);
    drop_old(o);
    if (!buf_ok(&query) || !buf_ok(&address) || !b.redirect_uri || !*state)
        oauth2_tokens_no_memory(o, err);
    else if (begun_put(o, made, &b, err) == 0)
        rc = 0;
    if (rc == 0) {
        *url = buf_take(&address);
    } else {
        free(*state);
        *state = NULL;
    }
    begun_done(&b);
    buf_done(&query);
    buf_done(&address);
    return rc;
}

/* ---- the second step ---- */

static int code_call(struct oauth2 *o, const char *code, const struct begun *b,
                     struct koppel_error *err)
{
    struct buf form;
    buf_init(&form, OAUTH2_CALL_FORM_BYTES);
    oauth2_call_form_add(&form, "grant_type", "authorization_code");
    oauth2_call_form_add(&form, "code", code);
    oauth2_call_form_add(&form, "redirect_uri", b->redirect_uri);
    oauth2_call_form_add(&form, "code_verifier", b->verifier);
    pthread_mutex_lock(&o->refreshing);
    oauth2_bearer_forget(o->refresh); /* an earlier login's; it must not mix with the new one */
    o->refresh = NULL;
    o->rev = -1; /* a new login takes the place of any */
    struct oauth2_tokens t;
    bool ended, lost;
    int rc = oauth2_call_token(o, &form, &t, &ended, err);
    if (rc == 0) {
        secret_free(o->unsealed);
        o->unsealed = oauth2_tokens_format(&t);
        oauth2_tokens_done(&t);
        rc = o->unsealed ? oauth2_tokens_seal(o, &lost, err) : oauth2_tokens_no_memory(o, err);
    }
    if (rc == 0)
        o->failing = 0;
    pthread_mutex_unlock(&o->refreshing);
    buf_wipe_done(&form);
    return rc;
}

static int refused(const struct oauth2 *o, const struct oauth2_answer *a, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_AUTH, "oauth.refused", "%s: the login was refused: %.*s%s%.*s",
                      o->connection, CUT(a->error, WORDS_MAX_BYTES), a->about ? ": " : "",
                      CUT(a->about ? a->about : "", WORDS_MAX_BYTES));
}

int oauth2_login_finish(struct oauth2 *o, const struct oauth2_answer *a, struct koppel_error *err)
{
    struct koppel_error why = {0}, ignored = {0};
    char name[NAME_BYTES];
    struct begun b;
    bool found;
    if (oauth2_answer_check(a, err) != 0)
        return err_prefix(err, "%s", o->connection);
    begun_name(o, a->state, name);
    if (begun_get(o, name, &b, &found, err) != 0) {
        begun_done(&b);
        return -1;
    }
    int rc = -1;
    if (!found) {
        err_reason(&why, KOPPEL_E_REJECTED, OAUTH2_LOGIN_UNKNOWN,
                   "%s: this address is of no login that was begun here in the last %d minutes",
                   o->connection, OAUTH2_LOGIN_MS / 60000);
    } else if (a->error) {
        refused(o, a, &why);
    } else {
        mask_add(a->code);
        rc = code_call(o, a->code, &b, &why);
        mask_forget(a->code);
    }
    /* a code is good for one use; one that did not reach the server may be tried again */
    if (found && why.kind != KOPPEL_E_RETRY)
        (void)o->store->ops->sealed_drop(o->store, name, &ignored);
    begun_done(&b);
    if (rc != 0 && err)
        *err = why;
    return rc;
}

bool oauth2_login_is_alone(const struct oauth2 *o)
{
    return strcmp(o->grant, "client_credentials") == 0;
}

int oauth2_login_alone(struct oauth2 *o, struct koppel_error *err)
{
    pthread_mutex_lock(&o->refreshing);
    int rc = oauth2_call_credentials(o, err);
    pthread_mutex_unlock(&o->refreshing);
    return rc;
}
