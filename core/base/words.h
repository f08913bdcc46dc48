/* SPDX-License-Identifier: MIT
 * The words that Koppel itself writes into somebody's books, in the language of the home. */
#ifndef KOPPEL_BASE_WORDS_H
#define KOPPEL_BASE_WORDS_H

/* "rounding" in "nl" is "afronding". language: "nl", "de"; anything else, and NULL, is English.
 * NULL: there is no such word. */
const char *words_find(const char *language, const char *word);
/* The names of all words, NULL behind the last. */
const char *words_name(int index);

#endif
