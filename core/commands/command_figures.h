/* SPDX-License-Identifier: MIT
 * koppel figures. */
#ifndef KOPPEL_COMMANDS_COMMAND_FIGURES_H
#define KOPPEL_COMMANDS_COMMAND_FIGURES_H

#include "commands/command.h"

int command_figures(const struct command_line *line);

#endif
