/* SPDX-License-Identifier: MIT
 * What the engines that share a store keep to together at one peer: its limit, and its rests.
 * Alone on a store none of it costs a call of the store. */
#ifndef KOPPEL_CONNECTION_PACE_H
#define KOPPEL_CONNECTION_PACE_H

#include "connection/connection.h"
#include "store/store_rate.h"

/* Of the connection arg: http_limits.share. */
int pace_share(void *arg, int64_t interval_ns, int64_t least_ns, struct store_rate *out,
               struct koppel_error *err);
/* Opens the circuit where another host was told to come back later. */
void pace_look(struct connection *c);
/* What this host's circuit learned is told to the others: the peer answers again; or a rest of
 * rest_ms begins (0: none) for a reason. */
void pace_tell(struct connection *c, bool answers_again, int64_t rest_ms, const char *reason);

#endif
