/* SPDX-License-Identifier: MIT
 * koppel resume. */
#ifndef KOPPEL_COMMANDS_COMMAND_RESUME_H
#define KOPPEL_COMMANDS_COMMAND_RESUME_H

#include "commands/command.h"

int command_resume(const struct command_line *line);

#endif
