/* SPDX-License-Identifier: MIT
 * Adding to a group, array or list in the way in which it is written already. Values are texts of
 * libconfig, taken as they are. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_ADD_H
#define KOPPEL_CONFIG_CONF_EDIT_ADD_H

#include "config/conf_edit_change.h"

/* Plans a member behind the last one of the group. */
int conf_edit_add_member(struct conf_edit_change *c, const struct conf_edit_node *group,
                         const char *name, const char *value, struct koppel_error *err);
/* Plans an element before the one of that index; behind the last one where it is their count. */
int conf_edit_add_element(struct conf_edit_change *c, const struct conf_edit_node *list, int index,
                          const struct conf_edit_piece *piece, struct koppel_error *err);

#endif
