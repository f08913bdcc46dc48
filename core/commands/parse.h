/* SPDX-License-Identifier: MIT
 * The words of a command line against the table. */
#ifndef KOPPEL_COMMANDS_PARSE_H
#define KOPPEL_COMMANDS_PARSE_H

#include "commands/command.h"

/* Fills line, which holds what counts where an option is not given. *command: NULL where none was
 * named, with EXIT_OK. Anything but EXIT_OK: wrong usage, which was told on standard error. */
int parse_line(int argc, char **argv, struct command_line *line, const struct command **command);

#endif
