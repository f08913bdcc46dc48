/* SPDX-License-Identifier: MIT
 * koppel choices. */
#ifndef KOPPEL_COMMANDS_COMMAND_CHOICES_H
#define KOPPEL_COMMANDS_COMMAND_CHOICES_H

#include "commands/command.h"

int command_choices(const struct command_line *line);

#endif
