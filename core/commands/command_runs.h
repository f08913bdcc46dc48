/* SPDX-License-Identifier: MIT
 * koppel runs. */
#ifndef KOPPEL_COMMANDS_COMMAND_RUNS_H
#define KOPPEL_COMMANDS_COMMAND_RUNS_H

#include "commands/command.h"

int command_runs(const struct command_line *line);

#endif
