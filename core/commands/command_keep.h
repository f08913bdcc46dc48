/* SPDX-License-Identifier: MIT
 * koppel keep. */
#ifndef KOPPEL_COMMANDS_COMMAND_KEEP_H
#define KOPPEL_COMMANDS_COMMAND_KEEP_H

#include "commands/command.h"

int command_keep(const struct command_line *line);

#endif
