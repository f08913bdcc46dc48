/* SPDX-License-Identifier: MIT
 * koppel restore. */
#ifndef KOPPEL_COMMANDS_COMMAND_RESTORE_H
#define KOPPEL_COMMANDS_COMMAND_RESTORE_H

#include "commands/command.h"

int command_restore(const struct command_line *line);

#endif
