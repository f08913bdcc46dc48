/* SPDX-License-Identifier: MIT
 * koppel sync. */
#ifndef KOPPEL_COMMANDS_COMMAND_SYNC_H
#define KOPPEL_COMMANDS_COMMAND_SYNC_H

#include "commands/command.h"

int command_sync(const struct command_line *line);

#endif
