/* SPDX-License-Identifier: MIT
 * What of a connection needs a person. For alert_look.c alone. */
#ifndef KOPPEL_ALERT_ALERT_LOOK_CONNECTION_H
#define KOPPEL_ALERT_ALERT_LOOK_CONNECTION_H

#include "alert/alert_look_flow.h"
#include "connection/connection.h"

/* Adds what is found. flows: those that are enabled; what none of them uses needs nobody. */
int alert_look_connection(struct store *s, const struct conf_alert *rules, struct connection *c,
                          const struct alert_look_flow_facts *flows, int flow_count,
                          int64_t now_ms, struct alert_findings *out, struct koppel_error *err);

#endif
