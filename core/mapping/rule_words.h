/* SPDX-License-Identifier: MIT
 * Mapping rules for whoever reads them: in words, and as data. */
#ifndef KOPPEL_MAPPING_RULE_WORDS_H
#define KOPPEL_MAPPING_RULE_WORDS_H

#include <jansson.h>

#include "base/buf.h"
#include "config/conf.h"

/* What a rule does, without `to` and what is nested in it, in the order in which it decides:
 * `price, via round:2, table vat_code, default "0", when state is "paid"`. */
void rule_words(const struct conf_rule *rule, struct buf *out);
/* The rules of a list, in their order; NULL: no memory. An element:
 *   to, file, line  of a part without to
 *   words           as rule_words
 *   from            paths that it reads, those of expressions and parts too; relative to the
 *                   element inside `each`
 *   each            the list that it goes through; only where it does
 *   map             the rules in it; only with `map`
 *   over            [{file, line}] of earlier rules of the list for the same field: what applies
 *                   last stays; only where there are such */
json_t *rule_words_list(const struct conf_rule *rules, int count);
/* {file, line}; NULL: no memory. */
json_t *rule_words_place(const struct conf_at *at);

#endif
