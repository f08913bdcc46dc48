/* SPDX-License-Identifier: MIT
 * What is open, and what the channels took. */
#ifndef KOPPEL_METRICS_METRICS_ALERTS_H
#define KOPPEL_METRICS_METRICS_ALERTS_H

#include "base/buf.h"
#include "engine/engine.h"

int metrics_alerts_add(struct buf *out, struct engine *e, const struct generation *g,
                       struct koppel_error *err);

#endif
