/* SPDX-License-Identifier: MIT
 * What a command looks at the disk with: loading and opening. */
#include "commands/session.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "config/conf_load.h"

int session_try(struct session *s, const struct command_line *line, struct conf_report *report)
{
    struct koppel_error err = {0};
    memset(s, 0, sizeof *s);
    s->plugins = command_plugins_new(&err);
    if (!s->plugins)
        return command_failed(&err);
    s->conf = conf_load(line->dir, NULL, s->plugins, report);
    if (s->conf)
        return EXIT_OK;
    session_close(s);
    return EXIT_CONFIG;
}

int session_start(struct session *s, enum engine_mode mode)
{
    struct koppel_error err = {0};
    /* The engine's threads start with the signals blocked, so that only sigwait below sees them. */
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    int rc = engine_open(&s->engine, s->conf, mode, &err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
        s->conf = NULL; /* the engine took it */
        session_close(s);
        return command_failed(&err);
    }
    s->open = true;
    return EXIT_OK;
}

void session_close(struct session *s)
{
    if (s->open)
        engine_close(&s->engine);
    else
        conf_free(s->conf);
    plugins_free(s->plugins);
    memset(s, 0, sizeof *s);
}
