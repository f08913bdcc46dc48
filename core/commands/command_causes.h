/* SPDX-License-Identifier: MIT
 * koppel causes. */
#ifndef KOPPEL_COMMANDS_COMMAND_CAUSES_H
#define KOPPEL_COMMANDS_COMMAND_CAUSES_H

#include "commands/command.h"

int command_causes(const struct command_line *line);

#endif
