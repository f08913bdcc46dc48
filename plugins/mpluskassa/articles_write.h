/* SPDX-License-Identifier: MIT
 * Articles into the till. */
#ifndef MPLUSKASSA_ARTICLES_WRITE_H
#define MPLUSKASSA_ARTICLES_WRITE_H

#include "call.h"

int articles_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);

#endif
