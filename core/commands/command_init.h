/* SPDX-License-Identifier: MIT
 * koppel init. */
#ifndef KOPPEL_COMMANDS_COMMAND_INIT_H
#define KOPPEL_COMMANDS_COMMAND_INIT_H

#include "commands/command.h"

int command_init(const struct command_line *line);

#endif
