/* SPDX-License-Identifier: MIT
 * The set-up at a terminal. */
#ifndef KOPPEL_COMMANDS_SETUP_TERMINAL_H
#define KOPPEL_COMMANDS_SETUP_TERMINAL_H

#include "commands/command.h"

int setup_terminal_run(const struct command_line *line, const char *language);

#endif
