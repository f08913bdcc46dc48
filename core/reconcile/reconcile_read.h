/* SPDX-License-Identifier: MIT
 * Reads both sides and brings them together. */
#ifndef KOPPEL_RECONCILE_RECONCILE_READ_H
#define KOPPEL_RECONCILE_RECONCILE_READ_H

#include "reconcile/reconcile.h"

/* KOPPEL_E_RETRY and the like where one of them cannot be read to its end: then nothing can be
 * said. KOPPEL_E_CONFIG, reason "reconcile.kind": records of this flow are no documents.
 * reconcile_done in any case. */
int reconcile_read(struct reconcile *r, struct koppel_error *err);

#endif
