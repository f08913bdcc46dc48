/* SPDX-License-Identifier: MIT
 * Relations: customers and suppliers. */
#ifndef MPLUSKASSA_RELATIONS_H
#define MPLUSKASSA_RELATIONS_H

#include "call.h"

int relations_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int relations_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                    struct koppel_batch *out, struct koppel_error *err);
int relations_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int relations_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err);

#endif
