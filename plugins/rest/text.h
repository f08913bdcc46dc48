/* SPDX-License-Identifier: MIT
 * Texts that grow, and JSON in them. */
#ifndef PLUGINS_REST_TEXT_H
#define PLUGINS_REST_TEXT_H

#include "rest.h"

/* Zeroed it is empty. */
struct text {
    char *data; /* NUL-terminated where there is any */
    size_t bytes, room;
    bool failed; /* there was no memory */
};

void text_add(struct text *t, const char *data, size_t bytes);
void text_puts(struct text *t, const char *data);
/* The same as part of an address: all but letters, digits and -._~ percent-encoded. */
void text_add_escaped(struct text *t, const char *data);
/* A value as compact JSON; what text_number made is a number there. */
void text_add_json(struct text *t, const json_t *value);
/* The text, which the caller frees; NULL: there was no memory. t is empty afterwards. */
char *text_take(struct text *t);
void text_done(struct text *t);

/* A decimal that is to be written as a number of JSON, digit for digit; a new reference. The text
 * is one. */
json_t *text_number(const char *decimal);
/* The digits of such a number; NULL: it is none. They live as long as it. */
const char *text_digits(const json_t *value);

#endif
