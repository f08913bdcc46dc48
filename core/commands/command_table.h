/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_TABLE_H
#define KOPPEL_COMMANDS_COMMAND_TABLE_H

#include "commands/command.h"

int command_table(const struct command_line *line);

#endif
