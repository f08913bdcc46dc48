/* SPDX-License-Identifier: MIT
 * koppel reload. */
#ifndef KOPPEL_COMMANDS_COMMAND_RELOAD_H
#define KOPPEL_COMMANDS_COMMAND_RELOAD_H

#include "commands/command.h"

int command_reload(const struct command_line *line);

#endif
