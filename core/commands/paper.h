/* SPDX-License-Identifier: MIT
 * How answers look to a person: columns, colours, the width of the terminal, times. A script asks
 * for --json instead. */
#ifndef KOPPEL_COMMANDS_PAPER_H
#define KOPPEL_COMMANDS_PAPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/zone.h"

enum paper_tone { PAPER_PLAIN, PAPER_GOOD, PAPER_CARE, PAPER_BAD, PAPER_FAINT, PAPER_STRONG };

/* Once, before anything is printed: colours only where standard output is a terminal that has
 * them, NO_COLOR is not set and nobody said plain. */
void paper_start(bool plain);
/* Does the terminal know nothing but letters? */
bool paper_is_dumb(void);
/* Columns of a line: COLUMNS, else those of the terminal on standard output; 0: it is none, and
 * nothing is cut. */
int paper_width(void);
/* Columns that a text takes on a terminal. */
int paper_columns(const char *text);
/* The same of its first bytes, which end between two characters. */
int paper_columns_in(const char *text, size_t bytes);
/* printf to standard output in a colour; control characters are shown, line breaks stay. */
void paper_print(enum paper_tone tone, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The colour of a job's state. */
enum paper_tone paper_state(const char *state);

#define PAPER_COLUMNS 12

/* Rows are printed together, as wide as their widest cell. A column that is empty in every row is
 * left out. Where the line has no room for all of them the widest ones give way, but for the first,
 * and what does not fit into them is cut. */
struct paper {
    int columns;
    const char *heads[PAPER_COLUMNS]; /* one that begins with > has its cells at the right */
    struct paper_cell *cells;
    int count, room;
    bool lost;                        /* no memory for all of it */
};

/* heads: columns texts, NULL: nothing stands above them. Borrowed until paper_end. */
void paper_begin(struct paper *p, int columns, const char *const *heads);
/* The next cell of the row, or the first of the next one. */
void paper_cell(struct paper *p, enum paper_tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Prints it, each line behind so many blanks, and frees it. */
void paper_end(struct paper *p, int indent);

#define PAPER_TIME_BYTES 40

/* "now", "42 s ago", "12 min ago", "3 h ago", "5 days ago", "in 30 s"; a moment more than four
 * weeks away is its day in the zone. now_ms: since 1970, too. Gives out. */
const char *paper_ago(int64_t ms, int64_t now_ms, const struct zone *zone,
                      char out[PAPER_TIME_BYTES]);
/* The same of a moment in an answer, by this machine's clock; NULL or none: otherwise. */
const char *paper_ago_text(const char *moment, const char *otherwise, const struct zone *zone,
                           char out[PAPER_TIME_BYTES]);
/* "2026-11-24 05:18:51" in the zone (NULL: UTC) of a moment in an answer; as it is where it is
 * none. Gives out. */
const char *paper_time(const char *moment, const struct zone *zone, char out[PAPER_TIME_BYTES]);
/* The same of milliseconds since 1970. */
const char *paper_moment(int64_t ms, const struct zone *zone, char out[PAPER_TIME_BYTES]);
/* "42 s", "12 min", "3 h", "5 days". Gives out. */
const char *paper_span(int64_t ms, char out[PAPER_TIME_BYTES]);

#endif
