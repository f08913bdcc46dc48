/* SPDX-License-Identifier: MIT
 * A token bucket: how long the next request has to wait. Not locked; the caller holds a mutex. */
#ifndef KOPPEL_HTTP_RATE_H
#define KOPPEL_HTTP_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store_rate.h"

struct rate {
    int64_t interval_ns; /* one token's time; 0: no limit */
    int64_t burst_ns;    /* how far a request may be ahead of its turn */
    int64_t next_ns;     /* when the next token is full */
};

/* One second's worth (at least one request) may go at once. */
void rate_init(struct rate *r, int64_t per_minute);
/* Takes a token, in advance if need be. Returns the nanoseconds to wait before using it. */
int64_t rate_take(struct rate *r, int64_t now_ns);

/* Tokens of a limit that hosts share, which are this process's alone. */
struct rate_share {
    int64_t next_ns, ends_ns, interval_ns;
    int left;
};

/* What was asked for at asked_ns and given at some moment since: it begins as late, and ends as
 * early as it can have been meant. */
void rate_share_init(struct rate_share *r, const struct store_rate *given, int64_t asked_ns,
                     int64_t now_ns);
/* Takes one. false: none is left, or their time is over. */
bool rate_share_take(struct rate_share *r, int64_t now_ns, int64_t *wait_ns);

#endif
