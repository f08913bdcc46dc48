/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_RESEND_H
#define KOPPEL_COMMANDS_COMMAND_RESEND_H

#include "commands/command.h"

/* koppel sync FLOW --resend */
int command_resend(const struct command_line *line);

#endif
