/* SPDX-License-Identifier: MIT
 * Hours of the day. */
#include "alert/alert_quiet.h"

#include "base/zone.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#define FIRST_DAY 4 /* 1970-01-01 was a Thursday */

/* The same moment as if the zone were UTC. */
static int64_t local_ms(const char *zone, int64_t now_ms)
{
    return now_ms + (int64_t)zone_offset(zone_find(zone), now_ms / 1000) * 1000;
}

static int weekday_of(int64_t local)
{
    return (int)((local / DAY_MS + FIRST_DAY) % 7);
}

bool alert_quiet_holds(const struct conf_alert_quiet *q, bool critical, int64_t now_ms)
{
    if (!q->set || (critical && !q->critical))
        return false;
    int64_t local = local_ms(q->zone, now_ms);
    int minute = (int)(local % DAY_MS / MINUTE_MS), today = weekday_of(local);
    bool began_today = q->days & 1u << today;
    bool began_yesterday = q->days & 1u << (today + 6) % 7;
    if (q->from < q->until)
        return began_today && minute >= q->from && minute < q->until;
    return (began_today && minute >= q->from) || (began_yesterday && minute < q->until);
}

bool alert_quiet_is_due(const char *zone, int minute, int weekday, int64_t last_ms, int64_t now_ms)
{
    int64_t local = local_ms(zone, now_ms);
    int64_t due = local - local % DAY_MS + minute * MINUTE_MS;
    if (due > local)
        due -= DAY_MS;
    while (weekday >= 0 && weekday_of(due) != weekday)
        due -= DAY_MS;
    return last_ms < now_ms - (local - due);
}
