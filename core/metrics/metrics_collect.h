/* SPDX-License-Identifier: MIT
 * Everything that is shown of an engine, as text. */
#ifndef KOPPEL_METRICS_METRICS_COLLECT_H
#define KOPPEL_METRICS_METRICS_COLLECT_H

#include "base/buf.h"
#include "engine/engine.h"

/* Asks the store, and no peer. 0; -1 and err: nothing is to be shown. */
int metrics_collect(struct engine *e, struct buf *out, struct koppel_error *err);

#endif
