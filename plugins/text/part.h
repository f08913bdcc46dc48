/* SPDX-License-Identifier: MIT
 * Functions that take a part of a text, or bring it to a length. Characters are counted as a reader
 * does. Each takes a call whose text is there. */
#ifndef KOPPEL_TEXT_PART_H
#define KOPPEL_TEXT_PART_H

#include "koppel/sdk.h"

int part_truncate(const struct koppel_call *c, json_t **out);
int part_last(const struct koppel_call *c, json_t **out);
int part_slice(const struct koppel_call *c, json_t **out);
int part_shorten(const struct koppel_call *c, json_t **out);
int part_first_words(const struct koppel_call *c, json_t **out);
int part_last_words(const struct koppel_call *c, json_t **out);
int part_pad_left(const struct koppel_call *c, json_t **out);
int part_pad_right(const struct koppel_call *c, json_t **out);
int part_length(const struct koppel_call *c, json_t **out);
int part_split(const struct koppel_call *c, json_t **out);
int part_split_list(const struct koppel_call *c, json_t **out);

#endif
