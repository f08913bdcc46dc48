/* SPDX-License-Identifier: MIT
 * What somebody who is logged in orders for themselves. */
#include "service/me.h"

#include <stdio.h>
#include <string.h>

#include "service/accounts.h"
#include "service/ask.h"
#include "service/passwords.h"
#include "service/sessions.h"
#include "service/users.h"

/* Whoever asks has a session. */
static int check_me(const struct service_ask *ask, struct koppel_error *err)
{
    return ask->who->session ? 0 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED,
                                              "this is for somebody who is logged in to the "
                                              "dashboard");
}

/* Calls a function of users.h as if for the user of that name. */
static int as_user(struct service *s, const struct service_ask *ask, json_t **out,
                   int (*run)(struct service *s, const struct service_ask *ask, json_t **out,
                              struct koppel_error *err),
                   struct koppel_error *err)
{
    struct service_ask own = *ask;
    if (check_me(ask, err) != 0)
        return -1;
    json_t *in = json_copy((json_t *)ask->in);
    (void)json_object_set_new(in, "user", json_string(ask->who->name));
    own.in = in;
    int rc = run(s, &own, out, err);
    json_decref(in);
    return rc;
}

int me_sessions(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    return as_user(s, ask, out, users_sessions, err);
}

int me_session_end(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    return as_user(s, ask, out, users_session_end, err);
}

int me_password(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    const char *name = ask->who->name, *password = ask_text(ask, "password");
    struct accounts_user u;
    bool found;
    if (check_me(ask, err) != 0 || accounts_load(s->store, name, &u, &found, err) != 0)
        return -1;
    int rc = found && passwords_fit(u.password, ask_text(ask, "current"))
                 ? 0 : err_reason(err, KOPPEL_E_REJECTED, "password.wrong",
                                  "the current password is another one");
    if (rc == 0)
        rc = passwords_check(password, name, err);
    if (rc == 0)
        rc = passwords_hash(password, u.password, err);
    if (rc == 0)
        rc = accounts_save(s->store, &u, err);
    if (rc == 0)
        rc = sessions_end_all(s->store, name, ask->who->session, err);
    if (rc == 0)
        *out = json_object();
    accounts_done(&u);
    return rc;
}

int me_change(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err)
{
    static const char *const languages[] = {"", "en", "de", "nl"};
    const char *language = ask_text(ask, "language");
    struct accounts_user u;
    bool found, known = false;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        known = known || strcmp(languages[i], language) == 0;
    if (!known)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "the language is en, de or nl, not \"%s\"", language);
    if (check_me(ask, err) != 0 || accounts_load(s->store, ask->who->name, &u, &found, err) != 0)
        return -1;
    snprintf(u.language, sizeof u.language, "%s", language);
    int rc = found ? accounts_save(s->store, &u, err) : check_me(ask, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "language", language);
    accounts_done(&u);
    return rc;
}
