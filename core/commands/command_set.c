/* SPDX-License-Identifier: MIT
 * koppel set: one setting of the configuration; every other byte of its file stays. */
#include "commands/command_set.h"

#include "commands/saved.h"

int command_set(const struct command_line *line)
{
    if (line->unset == (line->count == 2))
        return COMMAND_MISUSED; /* a value, or none */
    return saved_ask(line, "config.set",
                     json_pack("{s:o,s:o*,s:b,s:s*}", "path", command_json_text(line->words[0]),
                               "value", line->unset ? NULL : command_json_text(line->words[1]),
                               "unset", line->unset, "why", line->why));
}
