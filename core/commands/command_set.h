/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_SET_H
#define KOPPEL_COMMANDS_COMMAND_SET_H

#include "commands/command.h"

int command_set(const struct command_line *line);

#endif
