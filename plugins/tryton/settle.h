/* SPDX-License-Identifier: MIT
 * From a draft to a posted invoice. */
#ifndef TRYTON_SETTLE_H
#define TRYTON_SETTLE_H

#include "rpc.h"

/* Lets Tryton compute the taxes of draft `id`, compares its sums with the record's, adds a line of
 * rounding where the settings allow for one, and posts it. Where Tryton or the sums refuse it, the
 * draft is deleted and the failure is KOPPEL_E_REJECTED; of all else the draft stays, and is found
 * and finished by the next attempt. */
int settle_invoice(struct tryton *t, int64_t id, const json_t *record, uint32_t index,
                   struct koppel_results *out, struct koppel_error *err);

#endif
