/* SPDX-License-Identifier: MIT
 * Every command and every option, as data: --help, wrong usage, the manual's check and a shell's
 * completion are made of it. */
#ifndef KOPPEL_COMMANDS_TABLE_H
#define KOPPEL_COMMANDS_TABLE_H

#include "commands/command.h"

#ifndef KOPPEL_CONFDIR
#define KOPPEL_CONFDIR "/etc/koppel"
#endif

/* In the order in which --help shows them; a NULL name behind the last. */
extern const struct command table_commands[];
extern const struct command_option table_options[OPTION_COUNT];

/* NULL: there is none of that name. */
const struct command *table_command(const char *name);
/* Does the option go with every command? */
bool table_always(int option);
/* Can it be given with this command (NULL: with every one)? */
bool table_takes(const struct command *c, int option);

#endif
