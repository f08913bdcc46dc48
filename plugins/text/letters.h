/* SPDX-License-Identifier: MIT
 * Functions that change the letters of a text. Each takes a call whose text is there. */
#ifndef KOPPEL_TEXT_LETTERS_H
#define KOPPEL_TEXT_LETTERS_H

#include "koppel/sdk.h"

int letters_trim(const struct koppel_call *c, json_t **out);
int letters_collapse(const struct koppel_call *c, json_t **out);
int letters_lower(const struct koppel_call *c, json_t **out);
int letters_upper(const struct koppel_call *c, json_t **out);
int letters_title(const struct koppel_call *c, json_t **out);
int letters_capitalize(const struct koppel_call *c, json_t **out);
int letters_casefold(const struct koppel_call *c, json_t **out);
int letters_ascii(const struct koppel_call *c, json_t **out);
int letters_slug(const struct koppel_call *c, json_t **out);
int letters_digits(const struct koppel_call *c, json_t **out);

/* made is freed; NULL stands for a lack of memory. */
int letters_give(const struct koppel_call *c, char *made, json_t **out);

#endif
