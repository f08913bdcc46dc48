/* SPDX-License-Identifier: MIT
 * koppel backup. */
#ifndef KOPPEL_COMMANDS_COMMAND_BACKUP_H
#define KOPPEL_COMMANDS_COMMAND_BACKUP_H

#include "commands/command.h"

int command_backup(const struct command_line *line);

#endif
