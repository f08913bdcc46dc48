/* SPDX-License-Identifier: MIT
 * The token bucket of one connection, kept as the time at which the next token is full. */
#include "http/rate.h"

#define NS_PER_MINUTE INT64_C(60000000000)
#define NS_PER_SECOND INT64_C(1000000000)

void rate_init(struct rate *r, int64_t per_minute)
{
    *r = (struct rate){0};
    if (per_minute <= 0)
        return;
    r->interval_ns = NS_PER_MINUTE / per_minute;
    if (r->interval_ns < 1)
        r->interval_ns = 1;
    if (r->interval_ns < NS_PER_SECOND)
        r->burst_ns = NS_PER_SECOND - r->interval_ns;
}

int64_t rate_take(struct rate *r, int64_t now_ns)
{
    if (r->interval_ns == 0)
        return 0;
    if (r->next_ns < now_ns)
        r->next_ns = now_ns;
    int64_t wait_ns = r->next_ns - now_ns - r->burst_ns;
    r->next_ns += r->interval_ns;
    return wait_ns > 0 ? wait_ns : 0;
}

void rate_share_init(struct rate_share *r, const struct store_rate *given, int64_t asked_ns,
                     int64_t now_ns)
{
    r->interval_ns = given->interval_us * 1000;
    r->next_ns = now_ns + given->starts_us * 1000;
    r->ends_ns = asked_ns + given->starts_us * 1000 + given->count * r->interval_ns;
    r->left = given->count;
}

bool rate_share_take(struct rate_share *r, int64_t now_ns, int64_t *wait_ns)
{
    if (r->left == 0 || now_ns >= r->ends_ns || r->next_ns > r->ends_ns)
        return false;
    *wait_ns = r->next_ns > now_ns ? r->next_ns - now_ns : 0;
    r->next_ns += r->interval_ns;
    r->left--;
    return true;
}
