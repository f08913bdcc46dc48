/* SPDX-License-Identifier: MIT
 * Comparing both systems by schedule, as flows say (`reconcile`): a thread beside an engine that
 * serves. What differs opens an alert. */
#ifndef KOPPEL_SERVICE_RECONCILING_DUE_H
#define KOPPEL_SERVICE_RECONCILING_DUE_H

#include "service/service_socket.h"

struct reconciling_due;

/* e and what source points to outlive it; source is copied. NULL and err: no memory, no thread. */
struct reconciling_due *reconciling_due_open(struct engine *e, const struct service_source *source,
                                             struct koppel_error *err);
/* What is under way is told to stop and waited for. Takes NULL. */
void reconciling_due_close(struct reconciling_due *d);

#endif
