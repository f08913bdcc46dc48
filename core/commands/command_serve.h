/* SPDX-License-Identifier: MIT
 * koppel serve. */
#ifndef KOPPEL_COMMANDS_COMMAND_SERVE_H
#define KOPPEL_COMMANDS_COMMAND_SERVE_H

#include "commands/command.h"

int command_serve(const struct command_line *line);

#endif
