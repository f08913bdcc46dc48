/* SPDX-License-Identifier: MIT
 * Lists of what was done, newest first, as a table or a JSON value per line. */
#ifndef KOPPEL_COMMANDS_HISTORY_ROWS_H
#define KOPPEL_COMMANDS_HISTORY_ROWS_H

#include "base/zone.h"
#include "commands/command.h"
#include "commands/paper.h"

struct history_rows {
    const char *question, *member; /* row of the service's table, and where its answer has them */
    const char *const *heads;
    int columns;
    /* Adds the cells of one. */
    void (*add)(struct paper *p, const json_t *row, const struct zone *zone);
    const char *none;              /* what is said where there are none */
};

/* Asks with --since, --until, --limit and --after, and prints. The exit code. */
int history_rows_print(const struct command_line *line, const struct history_rows *rows,
                       json_t *in_take);
/* A text of an object, "" where there is none. */
const char *history_rows_text(const json_t *row, const char *name);

#endif
