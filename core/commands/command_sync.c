/* SPDX-License-Identifier: MIT
 * koppel sync: runs flows once, shows a progress bar on a terminal, and prints what happened. */
#include "commands/command_sync.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "commands/command_report.h"
#include "commands/session.h"
#include "engine/run.h"
#include "service/flows.h"

#define BAR_CELLS 30
#define WAIT_DEFAULT_S 90 /* for jobs that are to be retried: longer than the default quiet time */

static void draw_bar(void *arg, const struct flow *f)
{
    (void)arg;
    long long read = atomic_load(&f->read), settled = atomic_load(&f->settled);
    int cells = read > 0 ? (int)(settled * BAR_CELLS / read) : 0;
    if (cells > BAR_CELLS)
        cells = BAR_CELLS;
    fprintf(stderr, "\r%-12.12s [%.*s%.*s] %lld of %lld", f->conf->name, cells,
            "##############################", BAR_CELLS - cells, "                              ",
            settled, read);
    fflush(stderr);
}

/* Runs one flow and tells what happened; the exit code that this asks for. */
static int run_one(struct session *s, const struct conf_flow *flow, const struct command_line *line,
                   bool bar)
{
    struct koppel_error err = {0}, problem = {0};
    int64_t wait_ms = (line->wait_s >= 0 ? line->wait_s : WAIT_DEFAULT_S) * INT64_C(1000);
    log_over_bar(bar);
    int ran = run_flow(&s->engine, flow, wait_ms, bar ? draw_bar : NULL, NULL, &err);
    log_over_bar(false);
    if (bar)
        fputc('\n', stderr);
    int rc = ran == 0 ? EXIT_OK : command_failed(&err);
    if (ran != 0 && strcmp(err.reason, "flow.paused") == 0)
        rc = EXIT_PARKED;
    json_t *counts = flows_counts(s->store, flow->name, &problem);
    if (!counts)
        return command_worse(rc, command_failed(&problem));
    command_report_flow(counts, line->json);
    if (flows_are_open(counts))
        rc = command_worse(rc, EXIT_PARKED);
    json_decref(counts);
    return rc;
}

int command_sync(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_open(&s, line, ENGINE_DELIVER);
    if (rc != EXIT_OK)
        return rc;
    for (int i = 0; i < line->count; i++) {
        if (!session_flow(&s, line->words[i]))
            rc = EXIT_USAGE;
    }
    if (rc == EXIT_OK && command_catch_signals(&s.engine, &err) != 0)
        rc = command_failed(&err);
    if (rc == EXIT_OK) {
        bool bar = !line->json && isatty(STDERR_FILENO);
        for (int i = 0; i < line->count && !atomic_load(&s.engine.stop); i++)
            rc = command_worse(rc, run_one(&s, conf_flow(s.conf, line->words[i]), line, bar));
        if (atomic_load(&s.engine.stop))
            rc = command_worse(rc, EXIT_PARKED);
        command_release_signals();
    }
    session_close(&s);
    return rc;
}
