/* SPDX-License-Identifier: MIT
 * Values that log lines, errors and traces must not show. The lowest leaf: errors are masked with
 * it, so it knows neither errors nor struct secret. */
#ifndef KOPPEL_BASE_MASK_H
#define KOPPEL_BASE_MASK_H

/* Values that log.c, errors and traces replace by "****" (also in percent-encoded form).
 * Thread-safe; values shorter than 4 bytes are ignored; the same value twice is kept once. */
void mask_add(const char *value);
/* Masks in place every registered value in text. */
void mask_text(char *text);

#endif
