/* SPDX-License-Identifier: MIT
 * Orders into the till. */
#ifndef MPLUSKASSA_ORDERS_WRITE_H
#define MPLUSKASSA_ORDERS_WRITE_H

#include "call.h"

int orders_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err);

#endif
