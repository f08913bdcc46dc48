/* SPDX-License-Identifier: MIT
 * koppel retry. */
#ifndef KOPPEL_COMMANDS_COMMAND_RETRY_H
#define KOPPEL_COMMANDS_COMMAND_RETRY_H

#include "commands/command.h"

int command_retry(const struct command_line *line);

#endif
