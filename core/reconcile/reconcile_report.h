/* SPDX-License-Identifier: MIT
 * What a reconciliation comes to. */
#ifndef KOPPEL_RECONCILE_RECONCILE_REPORT_H
#define KOPPEL_RECONCILE_RECONCILE_REPORT_H

#include "reconcile/reconcile.h"

/* As service/reconciling.h tells it. place (may be NULL): adds what is known of a missing document
 * to its row; 1: it is on its way, so that it is none. NULL: no memory. */
json_t *reconcile_report(const struct reconcile *r,
                         int (*place)(void *arg, const char *key, json_t *row), void *arg);

#endif
