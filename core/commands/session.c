/* SPDX-License-Identifier: MIT
 * What most commands begin with: loading and opening. */
#include "commands/session.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
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

int session_load(struct session *s, const struct command_line *line)
{
    struct conf_report report = {0};
    int rc = session_try(s, line, &report);
    conf_report_print(&report, false);
    conf_report_done(&report);
    return rc;
}

int session_open(struct session *s, const struct command_line *line, enum engine_mode mode)
{
    int rc = session_load(s, line);
    return rc == EXIT_OK ? session_start(s, mode) : rc;
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

/* Tells an unknown name. names: count of them, allocated; NULL: no memory. */
static void unknown(const struct session *s, const char *thing, const char *name,
                    const char *folder, const char **names, int count)
{
    struct buf place;
    buf_init(&place, PATH_MAX);
    buf_printf(&place, "%s/%s", s->conf->dir, folder);
    command_unknown(thing, name, buf_text(&place), names, names ? count : 0);
    buf_done(&place);
    free(names);
}

const struct conf_flow *session_flow(const struct session *s, const char *name)
{
    const struct conf_flow *found = conf_flow(s->conf, name);
    if (found)
        return found;
    int count = s->conf->flow_count;
    const char **names = calloc((size_t)count + 1, sizeof *names);
    for (int i = 0; names && i < count; i++)
        names[i] = s->conf->flows[i].name;
    unknown(s, "flow", name, "flows.d", names, count);
    return NULL;
}

const struct conf_connection *session_connection(const struct session *s, const char *name)
{
    const struct conf_connection *found = conf_connection(s->conf, name);
    if (found)
        return found;
    int count = s->conf->connection_count;
    const char **names = calloc((size_t)count + 1, sizeof *names);
    for (int i = 0; names && i < count; i++)
        names[i] = s->conf->connections[i].name;
    unknown(s, "connection", name, "connections.d", names, count);
    return NULL;
}
