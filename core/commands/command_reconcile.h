/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_RECONCILE_H
#define KOPPEL_COMMANDS_COMMAND_RECONCILE_H

#include "commands/command.h"

/* koppel reconcile FLOW */
int command_reconcile(const struct command_line *line);

#endif
