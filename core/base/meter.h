/* SPDX-License-Identifier: MIT
 * What the program measures of itself, for whoever shows it (core/metrics): counters and
 * histograms, of the whole process like the log, from its start on.
 *
 * What is measured is told apart by at most three words that come from the configuration, a
 * catalogue or this program: no key, nothing of a record. A family that has too many of them
 * measures no further ones. */
#ifndef KOPPEL_BASE_METER_H
#define KOPPEL_BASE_METER_H

#include <stdint.h>

#define METER_WORDS 3
#define METER_WORD_BYTES 96    /* longer ones are cut */
#define METER_BUCKETS 13       /* of a histogram, the one without a bound apart */
#define METER_ROWS 1000        /* of a family */

/* Words and unit of what is measured. A counter has no bounds: it counts how often. */
enum meter_family {
    METER_CALLS,     /* counter: connection, operation, outcome */
    METER_CALL_US,   /* histogram, microseconds: connection, operation */
    METER_RUNS,      /* counter: flow, outcome */
    METER_RUN_US,    /* histogram, microseconds: flow */
    METER_RECORD_US, /* histogram, microseconds from accepted to settled: flow */
    METER_COMMIT_US, /* histogram, microseconds: none */
    METER_COMMIT_TASKS, /* histogram, changes that one commit took along: none */
    METER_MESSAGES,  /* counter, of alerts: channel, outcome */
    METER_REQUESTS,  /* counter, of those over HTTP: route, code */
    METER_LOGINS,    /* counter, of log-ins to the dashboard that failed: none */
    METER_STREAMS,   /* its sum is how many pages listen to events now: none */
    METER_FAMILIES
};

/* One series. All borrowed, while visit runs. */
struct meter_row {
    const char *words[METER_WORDS]; /* "" where it has none */
    int64_t count, sum;
    const int64_t *buckets;         /* how many fell into each, METER_BUCKETS of them */
};

/* Upper bounds of a histogram in its unit, ended by 0 where there are less than METER_BUCKETS; NULL
 * for a counter. */
const int64_t *meter_bounds(enum meter_family family);
/* Measures one value, from any thread. Words may be NULL. */
void meter_add(enum meter_family family, const char *first, const char *second, const char *third,
               int64_t value);
/* Calls visit for each series, sorted by their words. visit may not measure anything. */
void meter_each(enum meter_family family, void (*visit)(void *arg, const struct meter_row *row),
                void *arg);
/* Tests: forgets everything. */
void meter_forget(void);

#endif
