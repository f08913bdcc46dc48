/* SPDX-License-Identifier: MIT
 * koppel stop. */
#ifndef KOPPEL_COMMANDS_COMMAND_STOP_H
#define KOPPEL_COMMANDS_COMMAND_STOP_H

#include "commands/command.h"

int command_stop(const struct command_line *line);

#endif
