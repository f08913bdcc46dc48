/* SPDX-License-Identifier: MIT
 * Do both systems agree? Asked of the systems, not of the journal. */
#ifndef KOPPEL_SERVICE_RECONCILING_H
#define KOPPEL_SERVICE_RECONCILING_H

#include "service/service.h"

/* {"flow","from","to"?} (days, both included; to: today where it is left out): what source and
 * destination have of that period. Amounts are text.
 *   {"flow","from","to","differences": how many documents differ,
 *    "counts":{"missing","double","different","outside","unreadable","under_way","others",
 *              "left_out","cancelled"},
 *    "source" and "destination": {"connection","entity","read","count","incl","excl"},
 *           (incl and excl are null where a document does not tell it),
 *    "days":[{"day","source","destination","same"}], both {"count","incl","excl"},
 *    "vat":[{"code","source","destination","same"}], both {"count","excl","vat"}; null: documents
 *           of the source do not tell it; so too "payments" ({"count","incl"}) and "accounts"
 *           ({"count","amount"}, of what is booked on ledger accounts),
 *    "missing":[{"key","reference","day","incl","why"?,"job"?,"state"?,"reason"?}], "under_way":
 *           the same of what was read within the last hour and is to be delivered still, by a flow
 *           that is not paused, which is no difference,
 *    "double":[{...,"ids","shared": several documents of the source have its reference}],
 *    "different":[{...,"ids","fields":[{"field","source","destination"}]}],
 *    "outside":[{...,"source_day","destination_day"}]: in the period at one side only,
 *    "unreadable":[{"side","key","text"}],
 *    "others":[{"id","reference","day","incl"}]: there, and none of the source's,
 *    "gaps":{"numbers":[{"prefix","first","last","count"}],"number_count","markers"},
 *    "listed": the destination gave a list; else each document was looked for, and others are not
 *           known,
 *    "number": by which it is kept (reconciling_kept.h); null: it could not be}
 * Lists have at most 10,000 rows; counts are whole. Progress: {"side","read","total" (or null)}. */
int reconciling_compare(struct service *s, const struct service_ask *ask, json_t **out,
                        struct koppel_error *err);
/* {"flow","keys","wait_ms"?}: takes what is missing again, and makes anew what is not there; as
 * flows_again. */
int reconciling_queue(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);

#endif
