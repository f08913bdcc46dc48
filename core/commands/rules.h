/* SPDX-License-Identifier: MIT
 * Which rule made which field, as a table. */
#ifndef KOPPEL_COMMANDS_RULES_H
#define KOPPEL_COMMANDS_RULES_H

#include <jansson.h>
#include <stdbool.h>

/* Prints rows of mapping/map_recorder.h on standard output, below a title: the field, what it got,
 * what it was made of, and the rule. all: those that gave nothing too, and those whose value
 * another rule replaced. Nothing where there are none. */
void rules_print(const char *title, const json_t *rows, bool all);

#endif
