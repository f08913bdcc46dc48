/* SPDX-License-Identifier: MIT
 * What most commands begin with: loading and opening. */
#include "commands/session.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "config/conf_load.h"

int session_load(struct session *s, const struct command_line *line)
{
    struct koppel_error err = {0};
    struct conf_report report = {0};
    memset(s, 0, sizeof *s);
    s->plugins = command_plugins_new(&err);
    if (!s->plugins)
        return command_failed(&err);
    s->conf = conf_load(line->dir, s->plugins, &report);
    conf_report_print(&report);
    conf_report_done(&report);
    if (!s->conf) {
        session_close(s);
        return EXIT_CONFIG;
    }
    return EXIT_OK;
}

int session_open(struct session *s, const struct command_line *line, bool exclusive, bool forget)
{
    int rc = session_load(s, line);
    return rc == EXIT_OK ? session_start(s, exclusive, forget) : rc;
}

int session_start(struct session *s, bool exclusive, bool forget)
{
    struct koppel_error err = {0};
    /* The engine's threads start with the signals blocked, so that only sigwait below sees them. */
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    int rc = engine_open(&s->engine, s->conf, exclusive, forget, &err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
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
    conf_free(s->conf);
    plugins_free(s->plugins);
    memset(s, 0, sizeof *s);
}
