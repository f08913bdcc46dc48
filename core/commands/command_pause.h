/* SPDX-License-Identifier: MIT
 * koppel pause. */
#ifndef KOPPEL_COMMANDS_COMMAND_PAUSE_H
#define KOPPEL_COMMANDS_COMMAND_PAUSE_H

#include "commands/command.h"

int command_pause(const struct command_line *line);

#endif
