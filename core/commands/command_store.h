/* SPDX-License-Identifier: MIT
 * koppel store. */
#ifndef KOPPEL_COMMANDS_COMMAND_STORE_H
#define KOPPEL_COMMANDS_COMMAND_STORE_H

#include "commands/command.h"

int command_store(const struct command_line *line);

#endif
