/* SPDX-License-Identifier: MIT
 * koppel connect: logs a connection in by OAuth 2.0 and stores the sealed tokens. */
#include "commands/command_connect.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "commands/session.h"
#include "oauth/oauth2_connect.h"
#include "engine/pause.h"
#include "flow/flow.h"

#define WAIT_DEFAULT_S 600

static void show(void *arg, const char *url)
{
    (void)arg;
    visible_print(stdout, "open this address in a browser and allow the access:\n%s\n", url);
    fflush(stdout);
}

/* Flows that were paused because nobody was logged in go on; those paused by hand do not. */
static void resume_flows(struct session *s, const struct conf_connection *conf)
{
    struct koppel_error ignored = {0};
    for (int i = 0; i < s->conf->flow_count; i++) {
        const struct conf_flow *f = &s->conf->flows[i];
        if (f->from != conf && f->to != conf)
            continue;
        char *why = NULL;
        (void)flow_paused(s->store, f->name, &why, &ignored);
        if (why && pause_is_for_login(why))
            (void)pause_resume(s->store, f->name, &ignored);
        free(why);
    }
}

int command_connect(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_open(&s, line, ENGINE_ORDER);
    if (rc != EXIT_OK)
        return rc;
    const struct conf_connection *conf = session_connection(&s, line->words[0]);
    struct oauth2 *oauth = conf ? connection_oauth(engine_connection(&s.engine, conf)) : NULL;
    if (!conf) {
        rc = EXIT_USAGE;
    } else if (!oauth) {
        visible_print(stderr, "koppel: %s needs no login: its credentials are settings\n",
                      conf->name);
        rc = EXIT_USAGE;
    } else if (oauth2_connect(oauth, line->port,
                              (line->wait_s >= 0 ? line->wait_s : WAIT_DEFAULT_S) * 1000LL, show,
                              NULL, &err) != 0) {
        rc = command_failed(&err);
    } else {
        resume_flows(&s, conf);
        visible_print(stdout, "%s is connected\n", conf->name);
    }
    session_close(&s);
    return rc;
}
