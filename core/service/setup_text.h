/* SPDX-License-Identifier: MIT
 * What the set-up says, in three languages (setup_texts.json). */
#ifndef KOPPEL_SERVICE_SETUP_TEXT_H
#define KOPPEL_SERVICE_SETUP_TEXT_H

#include <jansson.h>

/* "en", "de" or "nl": the one that a language, a locale or NULL means; English where none does. */
const char *setup_text_language(const char *wanted);
/* A text as it stands; NULL: there is none of that key. Alternatives stand in it with | between,
 * where it names something that others may call otherwise. */
const char *setup_text_raw(const char *key, const char *language);
/* A text with {name} filled in from facts, an object of texts (freed; NULL: none). A key without a
 * text is its own. A new reference; NULL: no memory. */
json_t *setup_text(const char *key, const char *language, json_t *facts_take);

#endif
