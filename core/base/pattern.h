/* SPDX-License-Identifier: MIT
 * Patterns that a text is held against: regular expressions of PCRE2, by Unicode, bounded in steps
 * and memory, so that no text and no pattern can keep a thread.
 *
 * Compiled once when the configuration is loaded; read-only afterwards, for any number of threads.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_PATTERN_H
#define KOPPEL_BASE_PATTERN_H

#include <stddef.h>

#define PATTERN_TEXT_BYTES 1024 /* longest pattern */
#define PATTERN_WHY_BYTES 512   /* of a sentence about what is wrong */

struct pattern;

/* Bytes of a text, from start up to end; both PATTERN_NOWHERE where a group took no part. */
struct pattern_span {
    size_t start, end;
};
#define PATTERN_NOWHERE ((size_t)-1)

/* NULL: why holds what is wrong, with the column. */
struct pattern *pattern_parse(const char *text, char why[PATTERN_WHY_BYTES]);
void pattern_free(struct pattern *p); /* takes NULL */
const char *pattern_text(const struct pattern *p); /* as it was written */
/* How many groups in parentheses it has. */
int pattern_groups(const struct pattern *p);
/* Is it found anywhere in text? 1 or 0; -1: that cannot be decided within the limits (why). */
int pattern_finds(const struct pattern *p, const char *text, char why[PATTERN_WHY_BYTES]);
/* The same from byte `from` on, which begins a character. spans[0] receives where, spans[1] and
 * further the groups, up to `count` in all. What is before `from` is seen by \b and look-behind. */
int pattern_match(const struct pattern *p, const char *text, size_t from,
                  struct pattern_span *spans, int count, char why[PATTERN_WHY_BYTES]);

#endif
