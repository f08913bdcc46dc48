/* SPDX-License-Identifier: MIT
 * Invoices and credit invoices. */
#ifndef MPLUSKASSA_INVOICES_H
#define MPLUSKASSA_INVOICES_H

#include "call.h"

int invoices_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int invoices_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int invoices_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int invoices_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);

#endif
