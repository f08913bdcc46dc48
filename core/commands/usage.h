/* SPDX-License-Identifier: MIT
 * What --help prints. */
#ifndef KOPPEL_COMMANDS_USAGE_H
#define KOPPEL_COMMANDS_USAGE_H

#include <stdio.h>

#include "commands/command.h"

/* Of all commands. */
void usage_all(FILE *to);
/* Of one command. */
void usage_command(FILE *to, const struct command *c);

#endif
