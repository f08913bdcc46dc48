/* SPDX-License-Identifier: MIT
 * koppel plugins. */
#ifndef KOPPEL_COMMANDS_COMMAND_PLUGINS_H
#define KOPPEL_COMMANDS_COMMAND_PLUGINS_H

#include "commands/command.h"

int command_plugins(const struct command_line *line);

#endif
