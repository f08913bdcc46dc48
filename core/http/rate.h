/* SPDX-License-Identifier: MIT
 * A token bucket: how long the next request has to wait. Not locked; the caller holds a mutex. */
#ifndef KOPPEL_HTTP_RATE_H
#define KOPPEL_HTTP_RATE_H

#include <stdint.h>

struct rate {
    int64_t interval_ns; /* one token's time; 0: no limit */
    int64_t burst_ns;    /* how far a request may be ahead of its turn */
    int64_t next_ns;     /* when the next token is full */
};

/* One second's worth (at least one request) may go at once. */
void rate_init(struct rate *r, int64_t per_minute);
/* Takes a token, in advance if need be. Returns the nanoseconds to wait before using it. */
int64_t rate_take(struct rate *r, int64_t now_ns);

#endif
