/* SPDX-License-Identifier: MIT
 * Products, which group articles. */
#ifndef MPLUSKASSA_PRODUCTS_H
#define MPLUSKASSA_PRODUCTS_H

#include "call.h"

int products_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int products_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int products_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int products_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);

#endif
