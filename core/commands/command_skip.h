/* SPDX-License-Identifier: MIT
 * koppel skip. */
#ifndef KOPPEL_COMMANDS_COMMAND_SKIP_H
#define KOPPEL_COMMANDS_COMMAND_SKIP_H

#include "commands/command.h"

int command_skip(const struct command_line *line);

#endif
