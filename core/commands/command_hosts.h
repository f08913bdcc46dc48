/* SPDX-License-Identifier: MIT
 * koppel hosts. */
#ifndef KOPPEL_COMMANDS_COMMAND_HOSTS_H
#define KOPPEL_COMMANDS_COMMAND_HOSTS_H

#include "commands/command.h"

int command_hosts(const struct command_line *line);

#endif
