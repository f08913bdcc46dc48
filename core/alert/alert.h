/* SPDX-License-Identifier: MIT
 * Alerts of an engine that serves: looks every 15 seconds, and when something happens, and tells
 * the channels of alerts.conf. */
#ifndef KOPPEL_ALERT_ALERT_H
#define KOPPEL_ALERT_ALERT_H

#include "engine/engine.h"

struct alerts;

/* e is borrowed until alert_close. NULL and err: there is no thread or memory. */
struct alerts *alert_open(struct engine *e, struct koppel_error *err);
/* Waits for no channel. Takes NULL. */
void alert_close(struct alerts *a);

#endif
