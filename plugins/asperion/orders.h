/* SPDX-License-Identifier: MIT
 * Sales orders name their customer and their articles by keys only; who reads them wants to know
 * which these are. What was looked up is kept for a while, as the orders of many pages share it. */
#ifndef ASPERION_ORDERS_H
#define ASPERION_ORDERS_H

#include "api.h"

/* Before the rows of a page: forgets what was looked up too long ago. */
int orders_begin_page(struct asperion *a, struct koppel_error *err);
/* Adds "debtor" to a record and "article" to its lines. 1: place says which of them cannot be
 * read; -1: err says why they cannot be had. */
int orders_add_parties(struct asperion *a, json_t *record, char place[ANSWER_PLACE_BYTES],
                       struct koppel_error *err);
void orders_forget(struct asperion *a);

#endif
