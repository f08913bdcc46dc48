/* SPDX-License-Identifier: MIT
 * koppel resume: a paused flow goes on where it stopped. */
#include "commands/command_resume.h"

#include "commands/command_ask.h"

int command_resume(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "flows.resume", json_pack("{s:s}", "flow", line->words[0]), NULL,
                         NULL, &out);
    json_decref(out);
    return rc;
}
