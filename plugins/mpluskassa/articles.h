/* SPDX-License-Identifier: MIT
 * Articles. */
#ifndef MPLUSKASSA_ARTICLES_H
#define MPLUSKASSA_ARTICLES_H

#include "call.h"

int articles_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int articles_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int articles_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);

#endif
