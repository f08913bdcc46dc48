/* SPDX-License-Identifier: MIT
 * Text for a person's terminal: what would steer it, or show letters in another order than they
 * stand in, is shown as an escape ("\u009b"). */
#ifndef KOPPEL_BASE_VISIBLE_H
#define KOPPEL_BASE_VISIBLE_H

#include <stdbool.h>
#include <stdio.h>

/* Control characters, DEL, C1 controls, direction marks and overrides, zero width characters, line
 * and paragraph separators, byte order marks and bytes that are no UTF-8 as escapes; a line break
 * stays where lines is true. NULL: no memory. The caller frees it. */
char *visible_text(const char *text, bool lines);
/* printf to a stream through it, one call per line or block; line breaks stay. */
void visible_print(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
