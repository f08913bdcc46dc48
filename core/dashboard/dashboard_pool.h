/* SPDX-License-Identifier: MIT
 * A few threads that work through a queue. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_POOL_H
#define KOPPEL_DASHBOARD_DASHBOARD_POOL_H

#include <stdbool.h>

#include "base/err.h"

struct dashboard_pool;

/* run is called for each job, in one of the threads. */
struct dashboard_pool *dashboard_pool_open(int threads, int queue, void (*run)(void *job),
                                           struct koppel_error *err);
/* false: the queue is full, or the pool has stopped. */
bool dashboard_pool_add(struct dashboard_pool *p, void *job);
/* Nothing is taken any more; what was is run, and waited for. */
void dashboard_pool_stop(struct dashboard_pool *p);
/* After a stop. Takes NULL. */
void dashboard_pool_free(struct dashboard_pool *p);

#endif
