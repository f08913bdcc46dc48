/* SPDX-License-Identifier: MIT
 * koppel connection. */
#ifndef KOPPEL_COMMANDS_COMMAND_CONNECTION_H
#define KOPPEL_COMMANDS_COMMAND_CONNECTION_H

#include "commands/command.h"

int command_connection(const struct command_line *line);

#endif
