/* SPDX-License-Identifier: MIT
 * koppel pause: the record at hand finishes, nothing new starts. */
#include "commands/command_pause.h"

#include "commands/command_ask.h"

int command_pause(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "flows.pause", json_pack("{s:s,s:s*}", "flow", line->words[0],
                                                           "why", line->why), NULL, NULL, &out);
    json_decref(out);
    return rc;
}
