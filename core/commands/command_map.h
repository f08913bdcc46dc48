/* SPDX-License-Identifier: MIT
 * koppel map. */
#ifndef KOPPEL_COMMANDS_COMMAND_MAP_H
#define KOPPEL_COMMANDS_COMMAND_MAP_H

#include "commands/command.h"

int command_map(const struct command_line *line);

#endif
