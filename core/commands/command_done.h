/* SPDX-License-Identifier: MIT
 * koppel done. */
#ifndef KOPPEL_COMMANDS_COMMAND_DONE_H
#define KOPPEL_COMMANDS_COMMAND_DONE_H

#include "commands/command.h"

int command_done(const struct command_line *line);

#endif
