/* SPDX-License-Identifier: MIT
 * koppel status. */
#ifndef KOPPEL_COMMANDS_COMMAND_STATUS_H
#define KOPPEL_COMMANDS_COMMAND_STATUS_H

#include "commands/command.h"

int command_status(const struct command_line *line);

#endif
