/* SPDX-License-Identifier: MIT
 * Orders that change the configuration, and what became of them. */
#ifndef KOPPEL_COMMANDS_SAVED_H
#define KOPPEL_COMMANDS_SAVED_H

#include <jansson.h>

#include "commands/command.h"

/* Prints each on standard error, with its place. */
void saved_mistakes(const json_t *mistakes);
/* Asks for the change (see service/save.h) and prints what came of it, a patch on standard output
 * where a file cannot be written. Gives the exit code. */
int saved_ask(const struct command_line *line, const char *name, json_t *in_take);

#endif
