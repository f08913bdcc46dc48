/* SPDX-License-Identifier: MIT
 * Conditions of filters and rules: libconfig settings -> struct conf_condition. */
#include "config/conf_condition.h"

#include <string.h>

#include "base/decimal.h"
#include "config/conf_field.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

static const char *const condition_keys[] = {"field", "is",    "not",  "in",  "not_in",
                                             "has",   "empty", "less", "more"};
static const enum condition_op condition_ops[] = {
    0, COND_IS, COND_NOT, COND_IN, COND_NOT_IN, COND_HAS, COND_EMPTY, COND_LESS, COND_MORE};

static void condition_values(struct conf_loader *l, config_setting_t *s, struct conf_condition *c)
{
    bool many = c->op == COND_IN || c->op == COND_NOT_IN;
    if (c->op == COND_HAS || c->op == COND_EMPTY) {
        bool wanted = true;
        if (config_setting_type(s) != CONFIG_TYPE_BOOL)
            conf_mistake(l, s, "\"%s\" must be true or false", config_setting_name(s));
        else
            wanted = config_setting_get_bool(s);
        /* has = false is empty = true: one form is enough for whoever evaluates it. */
        if (!wanted)
            c->op = c->op == COND_HAS ? COND_EMPTY : COND_HAS;
        return;
    }
    if (many != (bool)config_setting_is_aggregate(s) || config_setting_is_group(s)) {
        conf_mistake(l, s, "\"%s\" must be %s", config_setting_name(s),
                     many ? "a list, as in [ \"a\", \"b\" ]" : "one value");
        return;
    }
    int n = many ? config_setting_length(s) : 1;
    for (int i = 0; i < n; i++) {
        config_setting_t *one = many ? config_setting_get_elem(s, (unsigned)i) : s;
        const char *text = conf_member_scalar(l, one);
        struct decimal d;
        if (!text)
            conf_mistake(l, one, "\"%s\" takes texts, integers and booleans",
                         config_setting_name(s));
        else if ((c->op == COND_LESS || c->op == COND_MORE) && decimal_parse(text, &d) != 0)
            conf_mistake(l, one, "\"%s\" needs a decimal, not \"%s\"", config_setting_name(s),
                         text);
        else if (json_array_append_new(c->values, json_string(text)) != 0)
            conf_mistake(l, one, "is not UTF-8 text");
    }
}

static void condition_load(struct conf_loader *l, config_setting_t *s,
                           const struct conf_field_context *m, struct conf_condition *c)
{
    c->at = conf_mistake_at(l, s);
    c->values = json_array();
    conf_held_keep(l->held, c->values, conf_held_json_done);
    if (!config_setting_is_group(s)) {
        conf_mistake(l, s, "a condition is a group, as in { field = \"status\"; is = \"paid\"; }");
        return;
    }
    conf_member_check_names(l, s, condition_keys, COUNT(condition_keys));
    const char *field = conf_member_text(l, s, "field", NULL);
    if (!field)
        conf_mistake(l, s, "the condition has no \"field\"");
    else
        c->field = conf_field_path(l, s, field);
    const struct cat_field *known = NULL;
    if (c->field)
        known = conf_field_check_read(l, conf_member_get(s, "field"), m, field);
    int tests = 0;
    for (int i = 1; i < COUNT(condition_keys); i++) {
        config_setting_t *test = conf_member_get(s, condition_keys[i]);
        if (!test)
            continue;
        tests++;
        c->op = condition_ops[i];
        condition_values(l, test, c);
        for (size_t k = 0; c->op <= COND_NOT_IN && k < json_array_size(c->values); k++)
            conf_field_check_value(l, test, known, json_string_value(json_array_get(c->values, k)));
    }
    if (tests != 1)
        conf_mistake(l, s,
                     "a condition needs exactly one of is, not, in, not_in, has, empty, less, "
                     "more");
}

void conf_condition_load(struct conf_loader *l, config_setting_t *s,
                         const struct conf_field_context *m, struct conf_condition **out,
                         int *count)
{
    if (!s)
        return;
    if (!config_setting_is_list(s)) {
        conf_mistake(l, s,
                     "\"%s\" must be a list of conditions, as in ( { field = ...; is = ...; } )",
                     config_setting_name(s));
        return;
    }
    *count = config_setting_length(s);
    *out = conf_held_alloc(l->held, sizeof **out * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        condition_load(l, config_setting_get_elem(s, (unsigned)i), m, &(*out)[i]);
}
