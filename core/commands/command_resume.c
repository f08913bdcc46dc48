/* SPDX-License-Identifier: MIT
 * koppel resume: a paused flow goes on where it stopped. */
#include "commands/command_resume.h"

#include <stdio.h>

#include "commands/session.h"

int command_resume(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_open(&s, line, false, false);
    if (rc != EXIT_OK)
        return rc;
    if (!conf_flow(s.conf, line->words[0])) {
        fprintf(stderr, "koppel: no flow \"%s\" in %s/flows.d\n", line->words[0], s.conf->dir);
        rc = EXIT_USAGE;
    } else if (engine_resume(s.engine.store, line->words[0], &err) != 0) {
        rc = command_failed(&err);
    }
    session_close(&s);
    return rc;
}
