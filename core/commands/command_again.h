/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_AGAIN_H
#define KOPPEL_COMMANDS_COMMAND_AGAIN_H

#include "commands/command.h"

/* koppel sync FLOW with --since or --keys. */
int command_again(const struct command_line *line);
/* What came of an order to read again, `out` as flows_again gives it (NULL: it failed); the exit
 * code. */
int command_again_print(const struct command_line *line, const json_t *out);
/* Draws how far it is, for who looks at a terminal; arg: a struct command_again_bar. */
struct command_again_bar {
    bool shown, drawn;
    long long begun_ms;
};
int command_again_progress(void *arg, const json_t *progress);

#endif
