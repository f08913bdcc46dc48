/* SPDX-License-Identifier: MIT
 * The store: how large it is, what room it has, and how fast it writes. */
#ifndef KOPPEL_METRICS_METRICS_STORE_H
#define KOPPEL_METRICS_METRICS_STORE_H

#include "base/buf.h"
#include "engine/engine.h"

int metrics_store_add(struct buf *out, struct engine *e, const struct generation *g,
                      struct koppel_error *err);

#endif
