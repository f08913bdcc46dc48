/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_SUBSCRIBE_H
#define KOPPEL_CONNECTION_CONNECTION_SUBSCRIBE_H

#include "connection/connection.h"

/* Asks the peer to send what changes to what's url; *id is the peer's name of it (caller frees).
 * Its size is stamped here. Repeatable. */
int connection_subscribe(struct connection *c, const struct koppel_subscription *what, char **id,
                         struct koppel_error *err);
/* Ends it. Repeatable. */
int connection_subscribe_end(struct connection *c, const struct koppel_subscription *what,
                             struct koppel_error *err);

#endif
