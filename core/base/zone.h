/* SPDX-License-Identifier: MIT
 * Time zones by name, from the system's zone files (TZif, RFC 8536), without the process-wide TZ of
 * the C library.
 *
 * A zone that was read once is kept until the program ends; it is never changed afterwards, so any
 * number of threads may use it.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_ZONE_H
#define KOPPEL_BASE_ZONE_H

#include <stddef.h>
#include <stdint.h>

struct zone;

/* "Europe/Amsterdam", "UTC". NULL: there is no such zone, or its file is not sound. */
const struct zone *zone_find(const char *name);
/* Seconds east of UTC at a moment, given in seconds since 1970 UTC. zone NULL: UTC. */
int32_t zone_offset(const struct zone *zone, int64_t utc);

/* The text of a zone file and nothing else, for tests. NULL: not sound. The caller gives it to
 * zone_free; one of zone_find is never given there. */
struct zone *zone_parse(const unsigned char *data, size_t bytes);
void zone_free(struct zone *zone);

#endif
