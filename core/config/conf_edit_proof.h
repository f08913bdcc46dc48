/* SPDX-License-Identifier: MIT
 * What libconfig makes of a file, as JSON, to hold an edit against: a group is {"{": {...}} (the
 * order of members has no meaning), a list {"(": [...]}, an array {"[": [...]}, text and booleans
 * themselves, a number an object with its type and digits. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_PROOF_H
#define KOPPEL_CONFIG_CONF_EDIT_PROOF_H

#include <jansson.h>

#include "config/conf_edit_tree.h"

/* The file with its includes. NULL and err: libconfig refuses it. */
json_t *conf_edit_proof_file(struct conf_edit_files *files, const char *path,
                             struct koppel_error *err);
/* The text of one value. NULL and err: it is none, or more than one. */
json_t *conf_edit_proof_value(const char *text, struct koppel_error *err);

/* The place of a node in the proof of its root; borrowed. */
json_t *conf_edit_proof_at(json_t *root, const struct conf_edit_node *node);
/* The members of a group or the elements of an array or list. */
json_t *conf_edit_proof_inside(json_t *value);

#endif
