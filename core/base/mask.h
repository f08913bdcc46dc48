/* SPDX-License-Identifier: MIT
 * Values that log lines, errors and traces must not show. The lowest leaf: errors are masked with
 * it, so it knows neither errors nor struct secret. */
#ifndef KOPPEL_BASE_MASK_H
#define KOPPEL_BASE_MASK_H

/* Values that log.c, errors and traces replace by "****" (also in percent-encoded form).
 * Thread-safe; values shorter than 4 bytes are ignored; the same value twice is kept once, and
 * counted. */
void mask_add(const char *value);
/* Takes one mask_add back: with the last one the value is looked for no more. For tokens that were
 * replaced and that nothing under way uses; what was never added, or NULL, is no matter. */
void mask_forget(const char *value);
/* How many values and forms of them are looked for, for tests. */
int mask_count(void);
/* Masks in place every registered value in text. */
void mask_text(char *text);

/* What a peer said stands between these in an error's text: it may name a person, so it is for the
 * sealed part of the store and for whoever asked, and for no log line or note. */
#define MASK_WORDS_OPEN "\u00ab"
#define MASK_WORDS_CLOSE "\u00bb"
/* Leaves out in place what stands between the first opening and the last closing mark. */
void mask_words(char *text);

#endif
