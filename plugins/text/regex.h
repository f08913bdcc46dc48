/* SPDX-License-Identifier: MIT
 * Functions of regular expressions. The pattern is compiled once, when the configuration is
 * loaded. */
#ifndef KOPPEL_TEXT_REGEX_H
#define KOPPEL_TEXT_REGEX_H

#include "base/pattern.h"
#include "koppel/sdk.h"

/* What the first argument says; KOPPEL_E_CONFIG where it is no pattern. */
int regex_prepare(const struct koppel_call *c, struct pattern **out);
/* Beside that: there is a group with the number of the second argument. */
int regex_prepare_group(const struct koppel_call *c, struct pattern **out);
/* Beside the pattern: the second argument names only groups that are there. */
int regex_prepare_replace(const struct koppel_call *c, struct pattern **out);

int regex_match(const struct koppel_call *c, json_t **out);
int regex_group(const struct koppel_call *c, json_t **out);
int regex_replace(const struct koppel_call *c, json_t **out);

#endif
