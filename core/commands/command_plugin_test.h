/* SPDX-License-Identifier: MIT
 * koppel plugin-test: a plugin against the contract. */
#ifndef KOPPEL_COMMANDS_COMMAND_PLUGIN_TEST_H
#define KOPPEL_COMMANDS_COMMAND_PLUGIN_TEST_H

#include "commands/command.h"

int command_plugin_test(const struct command_line *line);

#endif
