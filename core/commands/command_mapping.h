/* SPDX-License-Identifier: MIT
 * koppel mapping. */
#ifndef KOPPEL_COMMANDS_COMMAND_MAPPING_H
#define KOPPEL_COMMANDS_COMMAND_MAPPING_H

#include "commands/command.h"

int command_mapping(const struct command_line *line);

#endif
