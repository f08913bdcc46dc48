/* SPDX-License-Identifier: MIT
 * koppel jobs. */
#ifndef KOPPEL_COMMANDS_COMMAND_JOBS_H
#define KOPPEL_COMMANDS_COMMAND_JOBS_H

#include "commands/command.h"

int command_jobs(const struct command_line *line);

#endif
