/* SPDX-License-Identifier: MIT
 * The pages of an engine that serves, and their API, where the configuration says. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_H
#define KOPPEL_DASHBOARD_DASHBOARD_H

#include "engine/engine.h"
#include "service/service_socket.h"

struct dashboard;

/* Follows the configuration from a thread of its own: an address that is taken is tried again. NULL
 * and err: no thread could be started. Engine and what source points to outlive it. */
struct dashboard *dashboard_open(struct engine *e, const struct service_source *source,
                                 struct koppel_error *err);
/* Orders under way are told to end and waited for. Takes NULL. */
void dashboard_close(struct dashboard *d);

#endif
