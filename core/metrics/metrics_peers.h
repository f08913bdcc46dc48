/* SPDX-License-Identifier: MIT
 * Every connection: whether its peer answers, its login, its certificate, and its calls. */
#ifndef KOPPEL_METRICS_METRICS_PEERS_H
#define KOPPEL_METRICS_METRICS_PEERS_H

#include "base/buf.h"
#include "engine/generation.h"

/* Asks no peer. */
int metrics_peers_add(struct buf *out, const struct generation *g, struct koppel_error *err);

#endif
