/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_COMMANDS_COMMAND_AGAIN_H
#define KOPPEL_COMMANDS_COMMAND_AGAIN_H

#include "commands/command.h"

/* koppel sync FLOW with --since or --keys. */
int command_again(const struct command_line *line);
/* How far it is, drawn for who looks at a terminal. */
struct command_again_bar {
    bool shown, drawn;
    long long begun_ms;
};
void command_again_begin(struct command_again_bar *b, const struct command_line *line);
int command_again_progress(void *arg, const json_t *progress); /* arg: the bar */
void command_again_end(struct command_again_bar *b);
/* What came of an order to read again, `out` as flows_again gives it (NULL: it failed): prints it,
 * or only tells the exit code. */
int command_again_print(const struct command_line *line, const json_t *out);
int command_again_code(const json_t *out);

#endif
