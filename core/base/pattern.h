/* SPDX-License-Identifier: MIT
 * Patterns that a text is held against: regular expressions of PCRE2, by Unicode, bounded in steps
 * and memory, so that no text and no pattern can keep a thread.
 *
 * Compiled once when the configuration is loaded; read-only afterwards, for any number of
 * threads. */
#ifndef KOPPEL_BASE_PATTERN_H
#define KOPPEL_BASE_PATTERN_H

#include "base/err.h"

#define PATTERN_TEXT_BYTES 1024 /* longest pattern */

struct pattern;

/* NULL and err (KOPPEL_E_CONFIG, with the column) on a mistake. */
struct pattern *pattern_parse(const char *text, struct koppel_error *err);
void pattern_free(struct pattern *p); /* takes NULL */
const char *pattern_text(const struct pattern *p); /* as it was written */
/* Is it found anywhere in text? 1 or 0; -1 and KOPPEL_E_REJECTED where the limits were reached. */
int pattern_finds(const struct pattern *p, const char *text, struct koppel_error *err);

#endif
