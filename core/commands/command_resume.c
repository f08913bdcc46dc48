/* SPDX-License-Identifier: MIT
 * koppel resume: a paused flow goes on where it stopped. */
#include "commands/command_resume.h"

#include "commands/session.h"
#include "engine/pause.h"

int command_resume(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_look(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    if (!session_flow(&s, line->words[0]))
        rc = EXIT_USAGE;
    else if (pause_resume(s.store, line->words[0], &err) != 0)
        rc = command_failed(&err);
    session_close(&s);
    return rc;
}
