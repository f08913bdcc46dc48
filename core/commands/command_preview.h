/* SPDX-License-Identifier: MIT
 * koppel preview. */
#ifndef KOPPEL_COMMANDS_COMMAND_PREVIEW_H
#define KOPPEL_COMMANDS_COMMAND_PREVIEW_H

#include "commands/command.h"

int command_preview(const struct command_line *line);

#endif
