/* SPDX-License-Identifier: MIT
 * The sixteen rules: what of an engine that serves needs a person now. Asks the store and what is
 * known in memory, and no peer. */
#ifndef KOPPEL_ALERT_ALERT_LOOK_H
#define KOPPEL_ALERT_ALERT_LOOK_H

#include "alert/alert_findings.h"
#include "config/conf_alert.h"
#include "engine/engine.h"

/* How many causes of a flow are told apart; the rest are one. */
#define ALERT_LOOK_CAUSES 5

/* What one look remembers for the next; of one thread. */
struct alert_look;

/* e is borrowed. NULL: no memory. */
struct alert_look *alert_look_new(struct engine *e, int64_t now_ms);
void alert_look_free(struct alert_look *l);
/* All that the configuration's rules find in its flows and connections. out is zeroed before;
 * alert_findings_done frees it, also after -1. Names of connections in it live as long as g. */
int alert_look_now(struct alert_look *l, const struct generation *g, int64_t now_ms,
                   struct alert_findings *out, struct koppel_error *err);
/* Another part of the program found so many of what a rule counts (its last reconciliation, wrong
 * passwords); 0: it is well. It stands until it is said anew. */
int alert_look_told(struct store *s, enum conf_alert_name rule, const char *subject, int64_t count,
                    struct koppel_error *err);

#endif
