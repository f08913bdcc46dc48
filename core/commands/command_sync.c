/* SPDX-License-Identifier: MIT
 * koppel sync: runs flows once, shows a progress bar on a terminal, and prints what happened. */
#include "commands/command_sync.h"

#include <stdio.h>
#include <unistd.h>

#include "commands/session.h"
#include "commands/command_report.h"

#define BAR_CELLS 30
#define WAIT_DEFAULT_S 60 /* for jobs that are to be retried */

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

int command_sync(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_open(&s, line, true, false);
    if (rc != EXIT_OK)
        return rc;
    for (int i = 0; i < line->count && rc == EXIT_OK; i++) {
        if (!conf_flow(s.conf, line->words[i])) {
            fprintf(stderr, "koppel: no flow \"%s\" in %s/flows.d\n", line->words[i], s.conf->dir);
            rc = EXIT_USAGE;
        }
    }
    if (rc == EXIT_OK && command_catch_signals(&s.engine, &err) != 0)
        rc = command_failed(&err);
    bool bar = rc == EXIT_OK && !line->json && isatty(STDERR_FILENO);
    for (int i = 0;
         i < line->count && (rc == EXIT_OK || rc == EXIT_PARKED) && !atomic_load(&s.engine.stop);
         i++) {
        const struct conf_flow *flow = conf_flow(s.conf, line->words[i]);
        int wait_s = line->wait_s >= 0 ? line->wait_s : WAIT_DEFAULT_S;
        int ran = engine_run(&s.engine, flow, wait_s * 1000LL, bar ? draw_bar : NULL, NULL, &err);
        if (bar)
            fputc('\n', stderr);
        struct koppel_error problem = {0};
        bool open = false;
        if (command_report_flow(s.engine.store, flow->name, line->json, &open, &problem) != 0)
            rc = command_failed(&problem);
        else if (ran != 0)
            rc = command_failed(&err);
        else if (open || atomic_load(&s.engine.stop))
            rc = EXIT_PARKED;
    }
    command_release_signals();
    session_close(&s);
    return rc;
}
