/* SPDX-License-Identifier: MIT
 * koppel pause: the record at hand finishes, nothing new starts. */
#include "commands/command_pause.h"

#include "commands/session.h"
#include "engine/pause.h"
#include "flow/direction.h"

int command_pause(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_look(&s, line, ENGINE_ORDER);
    if (rc != EXIT_OK)
        return rc;
    if (!session_flow(&s, line->words[0]))
        rc = EXIT_USAGE;
    else if (pause_flow(s.store, line->words[0], "by hand", &err) != 0 ||
             direction_release(s.store, line->words[0], &err) != 0)
        rc = command_failed(&err);
    session_close(&s);
    return rc;
}
