/* SPDX-License-Identifier: MIT
 * Cuts text at the border of a character as a reader sees it (a letter with its accents, an emoji
 * with its joiners), never inside one, and makes UTF-8 of what is none.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_CUT_H
#define KOPPEL_BASE_CUT_H

#include <stddef.h>

/* The bytes of the longest beginning of text, at most limit, that ends between two characters. A
 * single character that is longer is cut between its code points. text may be NULL. */
size_t cut_bytes(const char *text, size_t limit);
/* The same, counted in characters. */
size_t cut_characters(const char *text, size_t limit);
/* How many characters text has; NULL: 0. */
size_t cut_count(const char *text);

/* How many bytes at the beginning of text are UTF-8: all of them, or those before the first byte
 * that is none. */
size_t cut_sound(const char *text, size_t bytes);

/* Two arguments for "%.*s": CUT(text, 60). text is used twice, and must not be NULL. */
#define CUT(text, limit) (int)cut_bytes((text), (limit)), (text)

/* Copies at most room - 1 bytes of text, cut between characters, terminated. Bytes that are no
 * UTF-8 become U+FFFD, so out is always valid. Returns the bytes in out. */
size_t cut_copy(char *out, size_t room, const char *text);
/* bytes of text with every byte that is no UTF-8, and NUL, as U+FFFD. NULL: no memory. The caller
 * frees it. */
char *cut_valid(const char *text, size_t bytes);

#endif
