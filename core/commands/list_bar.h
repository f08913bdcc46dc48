/* SPDX-License-Identifier: MIT
 * How far the reading of a list is, drawn for who looks at a terminal. */
#ifndef KOPPEL_COMMANDS_LIST_BAR_H
#define KOPPEL_COMMANDS_LIST_BAR_H

#include "commands/command.h"

struct list_bar {
    bool shown, drawn;
};
void list_bar_begin(struct list_bar *b, const struct command_line *line);
/* Takes {"side","read","total"}; arg: the bar. */
int list_bar_progress(void *arg, const json_t *progress);
void list_bar_end(struct list_bar *b);

#endif
