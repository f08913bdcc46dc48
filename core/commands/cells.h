/* SPDX-License-Identifier: MIT
 * Text side by side, in columns that wrap: as wide as the terminal is. */
#ifndef KOPPEL_COMMANDS_CELLS_H
#define KOPPEL_COMMANDS_CELLS_H

#include <stdio.h>

#define CELLS_MAX 6

/* Columns of a line (paper_width), 80 where there is no terminal; within 40 and 250. */
int cells_width(void);
/* Prints count (at most CELLS_MAX) texts beside one another, indented by so many columns, each
 * wrapped within its width and with a space between them. A text may have lines of its own; NULL is
 * none. What would steer a terminal is shown as an escape. */
void cells_print(FILE *to, int indent, const int *widths, const char *const *texts, int count);

#endif
