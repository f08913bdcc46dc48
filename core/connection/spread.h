/* SPDX-License-Identifier: MIT
 * Failures of a call that was split, and of its items. */
#ifndef KOPPEL_CONNECTION_SPREAD_H
#define KOPPEL_CONNECTION_SPREAD_H

#include "connection/connection.h"
#include "connection/results.h"

/* One of several calls failed: its items without a result get err and the next call may go on; or
 * -1 where going on is of no use. */
int spread_failure(struct koppel_results *part, const struct koppel_error *err);
/* The failure of an item that says that the peer as a whole is down; NULL where there is none, or
 * another item went well. */
const struct koppel_error *spread_down(const struct koppel_results *part);
/* Puts the connection's name before what its items failed with. */
void spread_names(const struct connection *c, struct koppel_results *part);

#endif
