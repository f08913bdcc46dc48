/* SPDX-License-Identifier: MIT
 * A configuration file with its includes as a tree that knows where everything stands. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_TREE_H
#define KOPPEL_CONFIG_CONF_EDIT_TREE_H

#include "config/conf_edit_files.h"

enum conf_edit_type { EDIT_SCALAR, EDIT_GROUP, EDIT_ARRAY, EDIT_LIST };

/* A byte of a file. */
struct conf_edit_place {
    struct conf_edit_file *file; /* NULL: nowhere */
    size_t at;
};

struct conf_edit_node {
    enum conf_edit_type type;
    char *name; /* NULL: an element of an array or list, or the root */
    struct conf_edit_node *parent;
    struct conf_edit_node **items;
    int count;
    struct conf_edit_place start; /* of its name; of an element, of its value */
    struct conf_edit_place value, end; /* from its value's first byte to behind its last */
    /* Behind the ; or comma that follows a member, or behind the value where none does. Of an
     * element: where the comma behind it stands, nowhere behind the last one. */
    struct conf_edit_place close;
    /* Of what has members or elements: behind the last thing that stands in it, the opening bracket
     * where there is nothing, and where its closing bracket stands. Of the root: the file's. */
    struct conf_edit_place tail, shut;
};

/* The whole of a file; NULL and err (with file and line) where it is no configuration. Valid until
 * one of its files is changed. */
struct conf_edit_node *conf_edit_tree_read(struct conf_edit_files *files, const char *path,
                                           struct koppel_error *err);
void conf_edit_tree_free(struct conf_edit_node *root); /* takes NULL */

/* A member by its name, or NULL. */
struct conf_edit_node *conf_edit_tree_member(const struct conf_edit_node *group, const char *name);
/* Which of its parent's items it is. */
int conf_edit_tree_index(const struct conf_edit_node *node);
/* The text of a scalar as the program sees it; NULL: it is no text, or no memory. */
char *conf_edit_tree_text(const struct conf_edit_node *node);

#endif
