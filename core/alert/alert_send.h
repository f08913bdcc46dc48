/* SPDX-License-Identifier: MIT
 * Takes messages out of the outbox to their channels, in a thread of its own: whoever looks waits
 * for no channel, and whoever stops waits no longer than a second. */
#ifndef KOPPEL_ALERT_ALERT_SEND_H
#define KOPPEL_ALERT_ALERT_SEND_H

#include "engine/engine.h"

struct alert_send;

/* e is borrowed. NULL and err: there is no thread or memory. */
struct alert_send *alert_send_open(struct engine *e, struct koppel_error *err);
/* Messages of turns up to this one may go; well: a look went well just now, which the heartbeat
 * tells. */
void alert_send_wake(struct alert_send *s, int64_t turn, bool well);
/* What is under way is broken off; it is tried again after the next start. Takes NULL. */
void alert_send_close(struct alert_send *s);
/* Sends what may go once, without a thread: for whoever has no engine. how many were taken. */
int alert_send_once(struct store *store, const struct conf_alert *conf, int64_t turn, int *sent,
                    struct koppel_error *err);

#endif
