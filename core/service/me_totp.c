/* SPDX-License-Identifier: MIT
 * The second factor, as somebody who is logged in sets it. */
#include "service/me_totp.h"

#include <sodium.h>
#include <stdio.h>

#include "service/accounts.h"
#include "service/ask.h"
#include "service/sessions.h"
#include "service/totp.h"

/* The user who asks; accounts_done in any case. */
static int load(struct service *s, const struct service_ask *ask, struct accounts_user *out,
                struct koppel_error *err)
{
    bool found = false;
    *out = (struct accounts_user){0};
    if (ask->who->session && accounts_load(s->store, ask->who->name, out, &found, err) != 0)
        return -1;
    return found ? 0 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED,
                                  "this is for somebody who is logged in to the dashboard");
}

int me_totp_begin(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct accounts_user u;
    char secret[TOTP_SECRET_BYTES], uri[300];
    int rc = load(s, ask, &u, err);
    if (rc == 0 && totp_on(&u))
        rc = err_reason(err, KOPPEL_E_REJECTED, "totp.on",
                        "the second factor is on; switch it off first");
    if (rc == 0)
        rc = totp_begin(&u, secret, err);
    if (rc == 0)
        rc = accounts_save(s->store, &u, err);
    if (rc == 0) {
        snprintf(uri, sizeof uri, "otpauth://totp/Koppel:%s?secret=%s&issuer=Koppel", u.name,
                 secret);
        *out = json_pack("{s:s,s:s,s:o}", "secret", secret, "uri", uri, "picture",
                         totp_picture(uri));
    }
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(uri, sizeof uri);
    accounts_done(&u);
    return rc;
}

int me_totp_confirm(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    struct accounts_user u;
    json_t *codes = NULL;
    int rc = load(s, ask, &u, err);
    if (rc == 0 && (totp_on(&u) || !u.totp || !totp_take(&u, ask_text(ask, "code"))))
        rc = err_reason(err, KOPPEL_E_REJECTED, "totp.wrong",
                        "the code does not fit; look at the clock of the device, and begin anew");
    if (rc == 0)
        rc = totp_confirm(&u, &codes, err);
    if (rc == 0)
        rc = accounts_save(s->store, &u, err);
    if (rc == 0)
        rc = sessions_end_all(s->store, u.name, ask->who->session, err);
    if (rc == 0)
        *out = json_pack("{s:O}", "codes", codes);
    json_decref(codes);
    accounts_done(&u);
    return rc;
}

int me_totp_end(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct accounts_user u;
    int rc = load(s, ask, &u, err);
    if (rc == 0) {
        totp_end(&u);
        rc = accounts_save(s->store, &u, err);
    }
    if (rc == 0)
        rc = sessions_end_all(s->store, u.name, ask->who->session, err);
    if (rc == 0)
        *out = json_object();
    accounts_done(&u);
    return rc;
}
