/* SPDX-License-Identifier: MIT
 * Lines from standard input: edited and completed where that is a terminal, as they are where it is
 * none. Nothing else knows the library. */
#ifndef KOPPEL_COMMANDS_LINE_EDIT_H
#define KOPPEL_COMMANDS_LINE_EDIT_H

#include <jansson.h>
#include <stddef.h>

/* What may stand in a line at `end`: as map_complete.h says. */
typedef json_t *line_edit_complete(void *arg, const char *line, size_t end, size_t *start);

/* Once, before the first line. complete is asked while lines are read, with arg. */
void line_edit_begin(line_edit_complete *complete, void *arg);
/* The next line without its end; the caller frees it. The prompt is shown on a terminal only. NULL:
 * there are no more. */
char *line_edit_read(const char *prompt);
/* Is somebody typing? */
int line_edit_is_terminal(void);

#endif
