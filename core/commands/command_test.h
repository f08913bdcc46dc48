/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_TEST_H
#define KOPPEL_COMMANDS_COMMAND_TEST_H

#include "commands/command.h"

int command_test(const struct command_line *line);

#endif
