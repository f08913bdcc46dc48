/* SPDX-License-Identifier: MIT
 * Proposals, and the orders and invoices that are made of them. */
#ifndef MPLUSKASSA_PROPOSALS_H
#define MPLUSKASSA_PROPOSALS_H

#include "call.h"

int proposals_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int proposals_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                    struct koppel_batch *out, struct koppel_error *err);
int proposals_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int proposals_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err);

/* Makes the order (or invoice) of a proposal, or names the one that was made of it before. */
int proposals_convert(struct mplus *m, const char *id, bool order, const char *job, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err);

#endif
