/* SPDX-License-Identifier: MIT
 * Logging a connection in. */
#include "service/logins.h"

#include <stdlib.h>

#include "base/log.h"
#include "engine/pause.h"
#include "oauth/oauth2_login.h"
#include "service/ask.h"

/* The connection that is asked for, and its log-in. NULL and err: there is none, or it needs
 * none. */
static const struct conf_connection *wanted(struct service *s, const struct service_ask *ask,
                                            struct oauth2 **oauth, struct koppel_error *err)
{
    const struct conf_connection *conf = ask_connection(s, ask_text(ask, "connection"), err);
    if (!conf)
        return NULL;
    *oauth = connection_oauth(engine_connection(s->engine, conf));
    if (*oauth)
        return conf;
    err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
               "%s needs no login: its credentials are settings", conf->name);
    return NULL;
}

static int logged_in(struct service *s, const struct conf_connection *conf,
                     struct koppel_error *err)
{
    if (s->serves)
        log_info(LOG_ABOUT(.event = "login", .connection = conf->name), "it is logged in");
    return pause_end_for_login(s->store, s->conf, conf, err);
}

int logins_begin(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct oauth2 *oauth;
    char *url = NULL, *state = NULL;
    const struct conf_connection *conf = wanted(s, ask, &oauth, err);
    if (!conf)
        return -1;
    if (oauth2_login_is_alone(oauth)) {
        if (oauth2_login_alone(oauth, err) != 0 || logged_in(s, conf, err) != 0)
            return -1;
        *out = json_pack("{s:s,s:b}", "connection", conf->name, "connected", 1);
        return 0;
    }
    if (oauth2_login_begin(oauth, ask_text(ask, "redirect"), &url, &state, err) != 0)
        return -1;
    *out = json_pack("{s:s,s:s,s:s}", "connection", conf->name, "url", url, "state", state);
    free(url);
    free(state);
    return 0;
}

int logins_finish(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct oauth2 *oauth;
    struct oauth2_answer answer;
    const struct conf_connection *conf = wanted(s, ask, &oauth, err);
    if (!conf || oauth2_answer_read(ask_text(ask, "answer"), &answer, err) != 0)
        return -1;
    int rc = oauth2_login_finish(oauth, &answer, err);
    oauth2_answer_done(&answer);
    if (rc != 0 || logged_in(s, conf, err) != 0)
        return -1;
    *out = json_pack("{s:s}", "connection", conf->name);
    return 0;
}
