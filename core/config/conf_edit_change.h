/* SPDX-License-Identifier: MIT
 * What an edit changes of the bytes of files: the value, and as little around it as can be. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_CHANGE_H
#define KOPPEL_CONFIG_CONF_EDIT_CHANGE_H

#include <stdbool.h>

#include "base/buf.h"
#include "config/conf_edit_tree.h"

#define CONF_EDIT_CHANGE_MAX 3
#define CONF_EDIT_CHANGE_BYTES (8 * 1024 * 1024) /* of a file that was changed */

/* Bytes of a file that another text takes the place of. */
struct conf_edit_splice {
    struct conf_edit_file *file;
    size_t start, end;
    char *text; /* NULL: nothing */
};

struct conf_edit_change {
    struct conf_edit_splice splices[CONF_EDIT_CHANGE_MAX]; /* none overlaps another */
    int count;
};

/* An element of a list with what is its own: whole comment lines above, and a comment behind. */
struct conf_edit_piece {
    char *lead, *value, *tail; /* "" where there is none */
};

/* Each plans one change of the tree as it was read (conf_edit_add.h has those that add). Values are
 * texts of libconfig, taken as they are. -1 and err: that place cannot be edited. */
int conf_edit_change_set(struct conf_edit_change *c, const struct conf_edit_node *node,
                         const char *value, struct koppel_error *err);
/* A member or an element, with the comment lines directly above it. */
int conf_edit_change_remove(struct conf_edit_change *c, const struct conf_edit_node *node,
                            struct koppel_error *err);
/* One splice more. text NULL: nothing takes the place of [start, end); else it is used up. */
int conf_edit_change_splice(struct conf_edit_change *c, struct conf_edit_file *file, size_t start,
                            size_t end, struct buf *text, struct koppel_error *err);

/* What goes with an element where it is moved; -1: no memory. */
int conf_edit_change_piece(const struct conf_edit_node *node, struct conf_edit_piece *out,
                           struct koppel_error *err);
void conf_edit_change_piece_done(struct conf_edit_piece *p);

/* Makes the change; the tree is of the past then. */
int conf_edit_change_apply(struct conf_edit_change *c, struct koppel_error *err);
void conf_edit_change_done(struct conf_edit_change *c);

#endif
