/* SPDX-License-Identifier: MIT
 * Functions that give one of their arguments, by what the value is. All but choose_if_blank_null
 * take any value, and none. */
#ifndef KOPPEL_TEXT_CHOOSE_H
#define KOPPEL_TEXT_CHOOSE_H

#include "koppel/sdk.h"

int choose_default(const struct koppel_call *c, json_t **out);
int choose_if_blank_null(const struct koppel_call *c, json_t **out);
int choose_equals(const struct koppel_call *c, json_t **out);
int choose_contains(const struct koppel_call *c, json_t **out);
int choose_starts_with(const struct koppel_call *c, json_t **out);
int choose_ends_with(const struct koppel_call *c, json_t **out);
int choose_has_value(const struct koppel_call *c, json_t **out);

#endif
