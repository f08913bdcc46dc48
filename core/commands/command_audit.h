/* SPDX-License-Identifier: MIT
 * koppel audit. */
#ifndef KOPPEL_COMMANDS_COMMAND_AUDIT_H
#define KOPPEL_COMMANDS_COMMAND_AUDIT_H

#include "commands/command.h"

int command_audit(const struct command_line *line);

#endif
