/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_USER_H
#define KOPPEL_COMMANDS_COMMAND_USER_H

#include "commands/command.h"

int command_user(const struct command_line *line);

#endif
