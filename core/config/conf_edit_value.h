/* SPDX-License-Identifier: MIT
 * A value as a person types it, and as it stands in a file. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_VALUE_H
#define KOPPEL_CONFIG_CONF_EDIT_VALUE_H

#include "config/conf_edit_tree.h"

/* The text of the value in libconfig's form; the caller frees it. What is given in quotes or
 * brackets is taken as it is, and so are numbers, true and false, but where the value that stands
 * there is text; all else is text. old: that value; NULL: there is none. NULL: no memory. */
char *conf_edit_value(const char *given, const struct conf_edit_node *old);

#endif
