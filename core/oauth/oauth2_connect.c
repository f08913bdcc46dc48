/* SPDX-License-Identifier: MIT
 * `koppel connect`: authorization code with PKCE. The redirect is oauth2_redirect.c's. */
#include "oauth/oauth2_connect.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "oauth/oauth2_call.h"
#include "oauth/oauth2_redirect.h"
#include "oauth/oauth2_tokens.h"

#define RANDOM_BYTES 32
#define RANDOM_TEXT_BYTES 64 /* holds its base64 */

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

static int code_call(struct oauth2 *o, const char *code, const char *redirect_uri,
                     const char *verifier, struct koppel_error *err)
{
    struct buf form;
    buf_init(&form, OAUTH2_CALL_FORM_BYTES);
    oauth2_call_form_add(&form, "grant_type", "authorization_code");
    oauth2_call_form_add(&form, "code", code);
    oauth2_call_form_add(&form, "redirect_uri", redirect_uri);
    oauth2_call_form_add(&form, "code_verifier", verifier);
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
    buf_init(&query, OAUTH2_CALL_FORM_BYTES);
    buf_init(&url, OAUTH2_CALL_FORM_BYTES);
    random_text(state);
    random_text(verifier);
    snprintf(redirect_uri, sizeof redirect_uri, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH,
             oauth2_redirect_port(redirect));
    authorize_query(o, redirect_uri, state, verifier, &query);
    buf_printf(&url, "%s%c%s", o->authorize_url, strchr(o->authorize_url, '?') ? '&' : '?',
               buf_text(&query));
    if (!buf_ok(&query) || !buf_ok(&url)) {
        oauth2_tokens_no_memory(o, err);
        goto out;
    }
    show(arg, buf_text(&url));
    if (oauth2_redirect_wait(redirect, o->http, state, wait_ms, &code, err) != 0) {
        err_prefix(err, "%s", o->connection);
        goto out;
    }
    mask_add(code);
    rc = code_call(o, code, redirect_uri, verifier, err);
out:
    mask_forget(code);
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
    if (strcmp(o->grant, "client_credentials") == 0) {
        pthread_mutex_lock(&o->refreshing);
        int rc = oauth2_call_credentials(o, err);
        pthread_mutex_unlock(&o->refreshing);
        return rc;
    }
    struct oauth2_redirect *redirect = oauth2_redirect_new(port, err);
    if (!redirect)
        return -1;
    int rc = connect_by_code(o, redirect, wait_ms, show, arg, err);
    oauth2_redirect_free(redirect);
    return rc;
}
