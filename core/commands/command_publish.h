/* SPDX-License-Identifier: MIT
 * koppel publish: one configuration for all hosts that share a store. */
#ifndef KOPPEL_COMMANDS_COMMAND_PUBLISH_H
#define KOPPEL_COMMANDS_COMMAND_PUBLISH_H

#include "commands/command.h"

int command_publish(const struct command_line *line);

#endif
