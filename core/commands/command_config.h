/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_CONFIG_H
#define KOPPEL_COMMANDS_COMMAND_CONFIG_H

#include "commands/command.h"

int command_config(const struct command_line *line);

#endif
