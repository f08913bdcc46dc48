/* SPDX-License-Identifier: MIT
 * One way to trim text, to fold its case, and to compare keys: by Unicode, not by ASCII.
 *
 * A blank is every white space of Unicode (the no-break and the ideographic ones too) and every
 * character that nobody sees: zero width space, joiners, soft hyphen, byte order mark, direction
 * marks. Text that is no UTF-8 is handled byte by byte where it is not, and never refused.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_FOLD_H
#define KOPPEL_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the blank that text begins with; 0: it begins with none, or is at its end. */
size_t fold_blank(const char *text);
/* NULL, empty, or nothing but blanks. */
bool fold_is_blank(const char *text);
/* Where text begins and how long it is without the blanks at both ends. */
const char *fold_trim(const char *text, size_t *bytes);
/* The same as a text of its own; NULL: no memory. The caller frees it. */
char *fold_trimmed(const char *text);

/* What another system is asked for: trimmed, and composed (NFC), as most keep their text; letter
 * case stays. NULL: no memory. The caller frees it. */
char *fold_composed(const char *text);

/* The form in which keys compare: without blanks at the ends and characters that nobody sees,
 * blanks in between as one space, compatibility forms (NFKC) and case folded. Two keys are the same
 * exactly where these texts are. NULL: no memory. The caller frees it. */
char *fold_key(const char *text);
/* The same into out, which is always terminated. Returns the bytes that the whole key takes; as
 * much as room or more: it was cut between characters, and is no key. */
size_t fold_key_into(const char *text, char *out, size_t room);
/* Are both the same key? Blank keys and NULL are the same as nothing, each other included. */
bool fold_same(const char *a, const char *b);

/* How names that people type compare: the key without accents, and of it letters and digits only.
 * NULL: no memory. The caller frees it. */
char *fold_name(const char *text);

/* Every letter in lower or upper case; nothing else changes. NULL: no memory. The caller frees it.
 */
char *fold_lower(const char *text, size_t bytes);
char *fold_upper(const char *text, size_t bytes);
/* The first letter of every word as a title has it, the others in lower case. A word begins behind
 * whatever is neither letter, digit, mark nor apostrophe. NULL: no memory. The caller frees it. */
char *fold_title(const char *text);
/* Letters, digits and signs of ASCII: accents go, letters such as the sharp s become two, and what
 * has no such form becomes `other`. NULL: no memory. The caller frees it. */
char *fold_ascii(const char *text, const char *other);

#endif
