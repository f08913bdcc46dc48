/* SPDX-License-Identifier: MIT
 * Day totals of the till, one record per closed day and branch. */
#ifndef MPLUSKASSA_DAY_TOTALS_H
#define MPLUSKASSA_DAY_TOTALS_H

#include "call.h"

int day_totals_read(struct mplus *m, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err);

#endif
