/* SPDX-License-Identifier: MIT
 * koppel done: a job that a person settles with what stands at the destination. */
#include "commands/command_done.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"

int command_done(const struct command_line *line)
{
    json_t *out;
    if (!line->why || !line->id)
        return COMMAND_MISUSED;
    int rc = command_ask(line, "jobs.done",
                         json_pack("{s:s,s:s,s:s}", "job", line->words[0], "id", line->id, "why",
                                   line->why), NULL, NULL, &out);
    const char *unasked = json_string_value(json_object_get(out, "unasked"));
    if (unasked)
        visible_print(stderr, "koppel: the destination was not asked whether it has %s: %s\n",
                      line->id, unasked);
    if (rc == EXIT_OK)
        visible_print(stdout, "%s is done, as %s\n", line->words[0], line->id);
    json_decref(out);
    return rc;
}
