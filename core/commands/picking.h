/* SPDX-License-Identifier: MIT
 * Which jobs a command means, and what is asked before many are changed. */
#ifndef KOPPEL_COMMANDS_PICKING_H
#define KOPPEL_COMMANDS_PICKING_H

#include "commands/command.h"

/* The filter of the command line, as the service takes it; words and jobs not among it. */
json_t *picking_filter(const struct command_line *line);
/* Orders row `name` of jobs by name or by filter. By filter it says first how many it would hit,
 * and asks on a terminal; without one --yes is needed. done: what its jobs are then. */
int picking_order(const struct command_line *line, const char *name, const char *what,
                  const char *done);

#endif
