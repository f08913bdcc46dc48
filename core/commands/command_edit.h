/* SPDX-License-Identifier: MIT
 * koppel edit. */
#ifndef KOPPEL_COMMANDS_COMMAND_EDIT_H
#define KOPPEL_COMMANDS_COMMAND_EDIT_H

#include "commands/command.h"

int command_edit(const struct command_line *line);

#endif
