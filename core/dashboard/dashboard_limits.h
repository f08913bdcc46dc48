/* SPDX-License-Identifier: MIT
 * Guessing of passwords: after five wrong ones of a user and a network, the next try waits, for 30
 * s, then twice as long each time up to 15 minutes. Kept in memory, and by digests. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_LIMITS_H
#define KOPPEL_DASHBOARD_DASHBOARD_LIMITS_H

#include <stdint.h>

struct dashboard_limits;

struct dashboard_limits *dashboard_limits_new(void); /* NULL: no memory */
void dashboard_limits_free(struct dashboard_limits *l); /* takes NULL */

/* What counts as one: the user's name as it was typed and the network of the address (its first 64
 * bits where it is IPv6, else all of it); a device that is known to be the user's counts alone. */
#define DASHBOARD_LIMITS_KEY_BYTES 16
void dashboard_limits_key(const char *user, const char *address, const char *device,
                          unsigned char out[DASHBOARD_LIMITS_KEY_BYTES]);

/* How long a try must wait, in ms by the monotonic clock; 0: it may be made, and counts as wrong
 * until dashboard_limits_right says otherwise. */
int64_t dashboard_limits_try(struct dashboard_limits *l,
                             const unsigned char key[DASHBOARD_LIMITS_KEY_BYTES]);
/* The try was right: what was counted is forgotten. */
void dashboard_limits_right(struct dashboard_limits *l,
                            const unsigned char key[DASHBOARD_LIMITS_KEY_BYTES]);

#endif
