/* SPDX-License-Identifier: MIT
 * koppel new: the folder of a new plugin. */
#ifndef KOPPEL_COMMANDS_COMMAND_NEW_H
#define KOPPEL_COMMANDS_COMMAND_NEW_H

#include "commands/command.h"

int command_new(const struct command_line *line);

#endif
