/* SPDX-License-Identifier: MIT
 * koppel skip: jobs that a person leaves out. */
#include "commands/command_skip.h"

#include "commands/picking.h"

int command_skip(const struct command_line *line)
{
    return line->why ? picking_order(line, "jobs.skip", "skipped", "are skipped")
                     : COMMAND_MISUSED;
}
