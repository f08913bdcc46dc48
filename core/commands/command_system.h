/* SPDX-License-Identifier: MIT
 * koppel system: the program and its machine, and what a maintainer asks for. */
#ifndef KOPPEL_COMMANDS_COMMAND_SYSTEM_H
#define KOPPEL_COMMANDS_COMMAND_SYSTEM_H

#include "commands/command.h"

int command_system(const struct command_line *line);

#endif
