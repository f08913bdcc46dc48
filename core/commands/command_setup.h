/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_SETUP_H
#define KOPPEL_COMMANDS_COMMAND_SETUP_H

#include "commands/command.h"

int command_setup(const struct command_line *line);

#endif
