/* SPDX-License-Identifier: MIT
 * The path of a place in a file: names and numbers with slashes between. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_PATH_H
#define KOPPEL_CONFIG_CONF_EDIT_PATH_H

#include "config/conf_edit_tree.h"

struct conf_edit_route {
    struct conf_edit_node *node; /* what the path names; NULL: it is not there yet */
    /* Not there yet: the group or list that is, and the part of the path behind it: names, or the
     * place behind a list's last element. */
    struct conf_edit_node *parent;
    const char *rest; /* points into the path */
};

/* -1 and err: there is no such place, nor can it be made. */
int conf_edit_path(struct conf_edit_node *root, const char *path, struct conf_edit_route *out,
                   struct koppel_error *err);
/* The array or list that the path's last step is a place of. */
int conf_edit_path_list(struct conf_edit_node *root, const char *path, struct conf_edit_route *out,
                        struct koppel_error *err);
/* Fills err with what is not there and the nearest name that is; -1. */
int conf_edit_path_unknown(const struct conf_edit_route *r, struct koppel_error *err);

#endif
