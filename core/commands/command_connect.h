/* SPDX-License-Identifier: MIT
 * koppel connect. */
#ifndef KOPPEL_COMMANDS_COMMAND_CONNECT_H
#define KOPPEL_COMMANDS_COMMAND_CONNECT_H

#include "commands/command.h"

int command_connect(const struct command_line *line);

#endif
