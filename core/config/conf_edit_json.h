/* SPDX-License-Identifier: MIT
 * Values of a configuration file as JSON, and the text of such a value: for forms, which show what
 * is set and set something else. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_JSON_H
#define KOPPEL_CONFIG_CONF_EDIT_JSON_H

#include <jansson.h>

#include "config/conf_edit_tree.h"

/* A group as an object, an array or list as an array, a whole number, true and false as such; a
 * number with a fraction is a text of its digits. NULL: no memory. */
json_t *conf_edit_json(const struct conf_edit_node *node);
/* On which line what is below the root stands: {"every": 4, "references": 8, "references/customer":
 * 9, "map/0": 12}, three names deep; of what stands in the root's own file. NULL: no memory. */
json_t *conf_edit_json_lines(const struct conf_edit_node *root);
/* On which line of its file the node begins. */
int conf_edit_json_line(const struct conf_edit_node *node);
/* The value in libconfig's form, which reads back as it was; the caller frees it. What is too long
 * for a line is a line per element, as inside a list at the left margin. NULL and err
 * (KOPPEL_E_REJECTED): libconfig has nothing for it (null, a name that is none), or no memory. */
char *conf_edit_json_text(const json_t *value, struct koppel_error *err);

#endif
