/* SPDX-License-Identifier: MIT
 * Stock levels as a source. */
#ifndef MPLUSKASSA_STOCK_READ_H
#define MPLUSKASSA_STOCK_READ_H

#include "call.h"

int stock_read(struct mplus *m, const struct koppel_read_request *request, struct koppel_batch *out,
               struct koppel_error *err);

#endif
