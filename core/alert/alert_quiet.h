/* SPDX-License-Identifier: MIT
 * Hours of the day: when a channel is quiet, and when the digest is due. */
#ifndef KOPPEL_ALERT_ALERT_QUIET_H
#define KOPPEL_ALERT_ALERT_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "config/conf_alert_channel.h"

/* Does what is so severe wait for the digest now? */
bool alert_quiet_holds(const struct conf_alert_quiet *q, bool critical, int64_t now_ms);
/* Has that minute of a day in the zone (of that weekday; -1: any) come since last_ms? */
bool alert_quiet_is_due(const char *zone, int minute, int weekday, int64_t last_ms,
                        int64_t now_ms);

#endif
