/* SPDX-License-Identifier: MIT
 * Is the engine alive, and does it do its work? */
#ifndef KOPPEL_METRICS_METRICS_PROBE_H
#define KOPPEL_METRICS_METRICS_PROBE_H

#include "engine/engine.h"

#define METRICS_PROBE_STUCK_MS 30000 /* what takes longer does not come back */

/* NULL: it is. Else one word and what it means: only a restart helps. */
const char *metrics_probe_live(struct engine *e);
/* NULL: it reads, delivers and writes. Else the same: what keeps it from that. Writes a note into
 * the store, to see whether that can be done. */
const char *metrics_probe_ready(struct engine *e);

#endif
