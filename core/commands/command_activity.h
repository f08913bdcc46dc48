/* SPDX-License-Identifier: MIT
 * koppel activity. */
#ifndef KOPPEL_COMMANDS_COMMAND_ACTIVITY_H
#define KOPPEL_COMMANDS_COMMAND_ACTIVITY_H

#include "commands/command.h"

int command_activity(const struct command_line *line);

#endif
