/* SPDX-License-Identifier: MIT
 * The first user of the pages. */
#include "service/claims.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "config/conf_dashboard.h"
#include "service/accounts.h"
#include "store/store_sealed.h"

#define NAME "claim"
#define LIFE_MS (60 * 60 * INT64_C(1000))

void claims_digest(const char *token, char out[CLAIMS_DIGEST_BYTES])
{
    unsigned char digest[(CLAIMS_DIGEST_BYTES - 1) / 2];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token, strlen(token), NULL, 0);
    sodium_bin2hex(out, CLAIMS_DIGEST_BYTES, digest, sizeof digest);
}

void claims_token(char token[CLAIMS_TOKEN_BYTES])
{
    unsigned char bytes[(CLAIMS_TOKEN_BYTES - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(token, CLAIMS_TOKEN_BYTES, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

/* ---- where ---- */

char *claims_address(struct service *s, struct koppel_error *err)
{
    const struct conf_dashboard *conf = s->conf ? s->conf->dashboard : NULL;
    char *address = NULL;
    if (s->serves && s->store->ops->note_get(s->store, CLAIMS_ADDRESS_NOTE, &address, err) != 0)
        return NULL;
    if (!address && !s->serves && conf && conf->listen && !strstr(conf->listen, ":0") &&
        asprintf(&address, "%s%s", conf->url ? "" : "http://",
                 conf->url ? conf->url : conf->listen) < 0)
        address = NULL;
    if (!address)
        err_reason(err, KOPPEL_E_RETRY, SERVICE_NO_ENGINE,
                   "no dashboard is shown now; run: koppel serve");
    return address;
}

json_t *claims_url(struct service *s, const char *what, const char *token)
{
    struct koppel_error ignored = {0};
    char *address = claims_address(s, &ignored);
    json_t *url = address ? json_sprintf("%s/#%s=%s", address, what, token) : json_null();
    free(address);
    return url;
}

/* ---- what is kept ---- */

static int put(struct store *s, const char *digest, int64_t until_ms, int64_t rev, int *lost,
               struct koppel_error *err)
{
    return store_sealed_put(s, NAME, json_pack("{s:s,s:I}", "digest", digest, "until",
                                               (json_int_t)until_ms), rev, lost, err);
}

int claims_new(struct store *s, char token[CLAIMS_TOKEN_BYTES], struct koppel_error *err)
{
    char digest[CLAIMS_DIGEST_BYTES];
    claims_token(token);
    claims_digest(token, digest);
    return put(s, digest, clock_now_ms() + LIFE_MS, -1, NULL, err);
}

static int check_nobody(struct store *s, struct koppel_error *err)
{
    bool any;
    if (accounts_any(s, &any, err) != 0)
        return -1;
    if (!any)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "claim.over",
                      "there is a user already, who invites the others; koppel user reset NAME "
                      "lets in who forgot the password");
}

/* Does the token fit what is kept, and is that still good? */
static bool fits(const json_t *kept, const char *token)
{
    char digest[CLAIMS_DIGEST_BYTES];
    const char *wanted = json_string_value(json_object_get(kept, "digest"));
    claims_digest(token, digest);
    return wanted && strlen(wanted) == strlen(digest) &&
           sodium_memcmp(wanted, digest, strlen(digest)) == 0 &&
           clock_now_ms() < json_integer_value(json_object_get(kept, "until"));
}

int claims_take(struct store *s, const char *token, struct koppel_error *err)
{
    json_t *kept = NULL;
    int64_t rev = 0;
    int lost = 0;
    if (check_nobody(s, err) != 0 || store_sealed_get(s, NAME, &kept, &rev, err) != 0)
        return -1;
    bool good = kept && fits(kept, token);
    json_decref(kept);
    if (good && put(s, "", 0, rev, &lost, err) != 0)
        return -1;
    if (good && !lost)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "claim.wrong",
                      "this link is used up, too old or another one; koppel user claim prints a "
                      "new one");
}

int claims_link(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    char token[CLAIMS_TOKEN_BYTES], until[CLOCK_TEXT_BYTES];
    (void)ask;
    if (!s->serves)
        return err_reason(err, KOPPEL_E_RETRY, SERVICE_NO_ENGINE,
                          "no dashboard is shown now; run: koppel serve");
    char *address = check_nobody(s->store, err) == 0 ? claims_address(s, err) : NULL;
    if (!address)
        return -1;
    free(address);
    if (claims_new(s->store, token, err) != 0)
        return -1;
    clock_format(clock_now_ms() + LIFE_MS, until);
    *out = json_pack("{s:o,s:s}", "url", claims_url(s, "claim", token), "until", until);
    sodium_memzero(token, sizeof token);
    return 0;
}
