/* SPDX-License-Identifier: MIT
 * Orders into the till, made once: under an idempotency key where the service knows them, else
 * looked up before they are made. */
#ifndef MPLUSKASSA_ORDERS_CREATE_H
#define MPLUSKASSA_ORDERS_CREATE_H

#include "call.h"

/* Makes the order of an item, or the one of the proposal that it names, and reports it. */
int orders_create(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err);

#endif
