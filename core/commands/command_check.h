/* SPDX-License-Identifier: MIT
 * koppel check. */
#ifndef KOPPEL_COMMANDS_COMMAND_CHECK_H
#define KOPPEL_COMMANDS_COMMAND_CHECK_H

#include "commands/command.h"

int command_check(const struct command_line *line);

#endif
