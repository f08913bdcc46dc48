/* SPDX-License-Identifier: MIT
 * Every flow of the active configuration: its state, its runs, and where its records stand. */
#ifndef KOPPEL_METRICS_METRICS_FLOWS_H
#define KOPPEL_METRICS_METRICS_FLOWS_H

#include "base/buf.h"
#include "engine/engine.h"

int metrics_flows_add(struct buf *out, struct engine *e, const struct generation *g,
                      struct koppel_error *err);

#endif
