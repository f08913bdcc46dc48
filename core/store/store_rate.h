/* SPDX-License-Identifier: MIT
 * What several engines keep to together at one peer: how fast it may be asked, and when it is left
 * alone. */
#ifndef KOPPEL_STORE_STORE_RATE_H
#define KOPPEL_STORE_STORE_RATE_H

#include <stdint.h>

/* Requests that one engine may make: the first when starts_us have passed, one more after each
 * interval. Those that were not made by the end of the last interval are lost. */
struct store_rate {
    int count; /* 0: no other engine can use this store; whoever asks keeps to the rate by itself */
    int64_t starts_us;
    int64_t interval_us;
};

/* A peer that another engine leaves alone. */
struct store_rest {
    char connection[64];
    char reason[32];  /* the code of what the peer said, as "http.503" */
    int64_t until_ms; /* monotonic */
};

#endif
