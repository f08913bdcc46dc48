/* SPDX-License-Identifier: MIT
 * A value as a person types it, and as it stands in a file. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_VALUE_H
#define KOPPEL_CONFIG_CONF_EDIT_VALUE_H

#include <stdbool.h>

#include "config/conf_edit_tree.h"

/* The text of the value in libconfig's form; the caller frees it. What is given in quotes or
 * brackets is taken as it is, and so are numbers, true and false, but where the value that stands
 * there is text; all else is text. old: that value; NULL: there is none. swapped: a
 * number, true or false is taken the other way. NULL: no memory. */
char *conf_edit_value(const char *given, const struct conf_edit_node *old, bool swapped);
/* A text in quotes; the caller frees it. NULL: no memory. */
char *conf_edit_value_quoted(const char *given);
/* Is it one number, or true or false, which may stand with quotes or without? */
bool conf_edit_value_plain(const char *given);

#endif
