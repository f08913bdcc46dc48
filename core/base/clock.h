/* SPDX-License-Identifier: MIT
 * Time and randomness, injectable for tests, and the two date forms of the core. */
#ifndef KOPPEL_BASE_CLOCK_H
#define KOPPEL_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_TEXT_BYTES 32

int64_t clock_now_ms(void);       /* since 1970 UTC */
/* For time-outs. They go on while the machine sleeps, so that what it held runs out. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_ns(void);
/* The moment in_ms from now, for pthread_cond_timedwait on a condition of CLOCK_MONOTONIC. */
void clock_deadline(int64_t in_ms, struct timespec *out);
/* For this thread alone clock_now_ms is this (0 gives the clock back): what depends on the day
 * comes out as it did on that one. */
void clock_pretend(int64_t now_ms);
/* Tests: fixes clock_now_ms (0 gives the real clock back). */
void clock_fix(int64_t now_ms);
/* Tests: moves both clocks on by so many ms, on top of what they were moved by before. */
void clock_shift_ms(int64_t by_ms);
int64_t clock_shifted_ms(void); /* by how much they were moved */

/* "2026-11-24T04:18:51Z" / "2026-11-24T04:18:51.123Z" (ms != 0). Returns its length. */
int clock_format(int64_t ms, char out[CLOCK_TEXT_BYTES]);
/* A moment: any form of base/date.h that has Z or an offset. -1 for anything else. */
int clock_parse(const char *text, int64_t *out_ms);
/* "5m", "30s", "2h", "1d", "500ms" to milliseconds; -1 for anything else or out of range. */
int clock_parse_duration(const char *text, int64_t *out_ms);
#define CLOCK_DURATION_BYTES 24
/* The same form, in the largest unit that leaves no rest. */
void clock_format_duration(int64_t ms, char out[CLOCK_DURATION_BYTES]);

/* A uniform number below bound (bound > 0), from the system's generator. */
uint32_t clock_random(uint32_t bound);

#endif
