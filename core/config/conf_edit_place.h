/* SPDX-License-Identifier: MIT
 * What stands around a place of a file: its line, the comments above it and behind it. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_PLACE_H
#define KOPPEL_CONFIG_CONF_EDIT_PLACE_H

#include <stdbool.h>

#include "config/conf_edit_tree.h"

/* Do nothing but blanks stand before it on its line? */
bool conf_edit_place_begins(struct conf_edit_place p);
/* Where its line begins. */
size_t conf_edit_place_line(struct conf_edit_place p);
/* Where the comment lines that stand directly above its line begin; its line where there are none.
 * p begins its line. */
size_t conf_edit_place_above(struct conf_edit_place p);
/* Do nothing but blanks and comments follow on its line? *behind: behind the last of these
 * comments, p where there are none. *below (may be NULL): where the next line begins. */
bool conf_edit_place_rest(struct conf_edit_place p, size_t *behind, size_t *below);
/* The blanks that its line begins with: how many, from conf_edit_place_line on. */
int conf_edit_place_indent(struct conf_edit_place p);
/* "\r\n" or "\n", as the file ends its lines. */
const char *conf_edit_place_eol(const struct conf_edit_file *file);
/* What the file's first indented line is indented by; two spaces where there is none. Borrowed;
 * *count: how many bytes. */
const char *conf_edit_place_unit(const struct conf_edit_file *file, int *count);

#endif
