/* SPDX-License-Identifier: MIT
 * Orders as a source, and how they are found. */
#ifndef MPLUSKASSA_ORDERS_H
#define MPLUSKASSA_ORDERS_H

#include "document.h"

extern const struct document orders_document;

int orders_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err);
int orders_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                 struct koppel_batch *out, struct koppel_error *err);
int orders_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err);

#endif
