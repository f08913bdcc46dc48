/* SPDX-License-Identifier: MIT
 * Packing slips. */
#ifndef MPLUSKASSA_PACKING_SLIPS_H
#define MPLUSKASSA_PACKING_SLIPS_H

#include "call.h"

int packing_slips_read(struct mplus *m, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err);
int packing_slips_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                        struct koppel_batch *out, struct koppel_error *err);
int packing_slips_find(struct mplus *m, const struct koppel_find_request *request,
                       struct koppel_results *out, struct koppel_error *err);

#endif
