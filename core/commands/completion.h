/* SPDX-License-Identifier: MIT
 * koppel completion: what a shell needs to complete the command line, and what could stand in a
 * place of it. Made of the same table as --help. */
#ifndef KOPPEL_COMMANDS_COMPLETION_H
#define KOPPEL_COMMANDS_COMPLETION_H

#include "commands/command.h"

/* With the name of a shell its script, on standard output; else, behind "--", the words that were
 * typed, the last of which is to be completed: what could stand there, a line each, with what it is
 * behind a tab. ":dir" is any folder, ":file" any file. Mistakes of the configuration are no
 * matter: nothing of it is proposed then. */
int completion_run(const struct command_line *line);

#endif
