/* SPDX-License-Identifier: MIT
 * Types of values in a mapping: what a path leads to, what a rule makes of it, and whether the
 * field takes that. */
#ifndef KOPPEL_CONFIG_CONF_TYPE_H
#define KOPPEL_CONFIG_CONF_TYPE_H

#include <libconfig.h>

#include "catalogue/catalogue.h"
#include "config/conf_loader.h"

#define CONF_TYPE_ANY -1 /* not described: nothing is known, and nothing is wrong */

struct conf_type {
    int type; /* enum field_type, or CONF_TYPE_ANY */
    /* The field that it is, for its name, its values and what is in it; NULL: it is none, or not
     * described. Of an element of a list, the list. */
    const struct cat_field *field;
};

/* "a text", "a number", "a list". */
const char *conf_type_words(int type);
/* As a JSON literal would be: text, integer, boolean. */
int conf_type_literal(const json_t *value);

/* from: what the rule reads; to: the field that it fills. Tells what a function of `via` cannot
 * take, a value or default that the field never holds, and a result of another kind than the
 * field's. s: the rule's group. */
void conf_type_check_rule(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r,
                          struct conf_type from, struct conf_type to);
/* What comes out of the functions that s, a rule or a condition, names in "via". */
struct conf_type conf_type_through(struct conf_loader *l, config_setting_t *s,
                                   const struct conf_via *via, int count, struct conf_type t);
/* Must be one of the values that the field may hold, where they are known. Both may be NULL. */
void conf_type_check_value(struct conf_loader *l, const config_setting_t *s,
                           const struct cat_field *field, const char *text);

#endif
