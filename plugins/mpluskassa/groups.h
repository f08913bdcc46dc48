/* SPDX-License-Identifier: MIT
 * Article groups, which the till keeps as a tree. */
#ifndef MPLUSKASSA_GROUPS_H
#define MPLUSKASSA_GROUPS_H

#include "call.h"

int groups_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err);
int groups_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err);
int groups_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err);

/* All article groups that are not deleted, flat: {groupNumber, parentGroupNumber, name, text,
 * sortOrder, path, parent {groupNumber, name, path}}. One call. whole: one that cannot be read
 * fails the list, as a group that is missing in it would be made a second time; else it is left
 * out. */
int groups_list(struct mplus *m, bool whole, json_t **list, struct koppel_error *err);
/* The group with that number in such a list, borrowed. */
json_t *groups_pick(const json_t *list, const char *number);

#endif
