/* SPDX-License-Identifier: MIT
 * Conditions of filters and rules: libconfig settings -> struct conf_condition. */
#include "config/conf_condition.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "config/conf_field.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_never.h"
#include "config/conf_via.h"

#define NEST_LIMIT 8
#define DAYS_LIMIT 100000

/* What a condition asks of its field: how it is written, and what that means. */
static const struct asks {
    const char *name;
    enum condition_op op;
    bool negate, many;
} asks[] = {
    {"is", COND_IS, false, false},        {"not", COND_IS, true, false},
    {"in", COND_IS, false, true},         {"not_in", COND_IS, true, true},
    {"has", COND_HAS, false, false},      {"empty", COND_HAS, true, false},
    {"less", COND_LESS, false, false},    {"more", COND_MORE, false, false},
    {"contains", COND_CONTAINS, false, false}, {"matches", COND_MATCHES, false, false},
    {"before", COND_BEFORE, false, false}, {"after", COND_AFTER, false, false},
};
static const char *const condition_keys[] = {
    "field", "via", "is", "not", "in", "not_in", "has", "empty", "less", "more", "contains",
    "matches", "before", "after", "expr", "all", "any", "none"};
static const struct { const char *name; enum condition_op op; } groups[] = {
    {"all", COND_ALL}, {"any", COND_ANY}, {"none", COND_NONE}};

/* ---- the values it names ---- */

/* "-30d", "+7d", "today": days from today. */
static bool is_relative(const char *text, int *days)
{
    char *end;
    *days = 0;
    if (strcmp(text, "today") == 0)
        return true;
    if ((text[0] != '-' && text[0] != '+') || text[1] < '0' || text[1] > '9')
        return false;
    long n = strtol(text, &end, 10);
    *days = (int)n;
    return strcmp(end, "d") == 0 && n >= -DAYS_LIMIT && n <= DAYS_LIMIT;
}

static void day_load(struct conf_loader *l, config_setting_t *s, struct conf_value *v)
{
    char why[DATE_WHY_BYTES];
    v->from_today = is_relative(v->text, &v->days);
    if (!v->from_today && date_parse(v->text, &v->day, why) != 0)
        conf_mistake(l, s,
                     "\"%s\" needs a date such as \"2026-01-31\", \"today\", or days from today "
                     "such as \"-30d\"; \"%s\" is none: %s",
                     config_setting_name(s), v->text, why);
}

/* How a value compares with what a field of this type holds; a value that no such field has is a
 * mistake. */
static void typed(struct conf_loader *l, config_setting_t *s, const struct cat_field *known,
                  struct conf_value *v)
{
    bool number = known->type == FIELD_DECIMAL || known->type == FIELD_INTEGER;
    if (!*v->text && known->type != FIELD_TEXT)
        conf_mistake(l, s, "\"%s\" is never an empty text; ask with empty = true", known->name);
    else if (number && decimal_parse(v->text, &v->number) != 0)
        conf_mistake(l, s, "\"%s\" holds a number such as \"19.95\", never \"%s\"", known->name,
                     v->text);
    else if (known->type == FIELD_BOOLEAN && strcmp(v->text, "true") != 0 &&
             strcmp(v->text, "false") != 0)
        conf_mistake(l, s, "\"%s\" is true or false, never \"%s\"", known->name, v->text);
    else if (known->type == FIELD_DATE && date_parse(v->text, &v->day, NULL) != 0)
        conf_mistake(l, s, "\"%s\" is a date such as \"2026-01-31\", never \"%s\"", known->name,
                     v->text);
    else
        conf_type_check_value(l, s, known, v->text);
    v->is_number = number;
    v->is_day = known->type == FIELD_DATE;
}

static void value_load(struct conf_loader *l, config_setting_t *s, config_setting_t *at,
                       const struct cat_field *known, struct conf_condition *c)
{
    const char *name = config_setting_name(at), *text = conf_member_scalar(l, s);
    struct conf_value *v = &c->values[c->value_count];
    if (!text) {
        conf_mistake(l, at, "\"%s\" takes texts, whole numbers and booleans", name);
        return;
    }
    v->text = text;
    c->value_count++;
    if (c->op == COND_BEFORE || c->op == COND_AFTER) {
        day_load(l, at, v);
    } else if (c->op == COND_LESS || c->op == COND_MORE) {
        if (decimal_parse(text, &v->number) != 0)
            conf_mistake(l, at, "\"%s\" needs a decimal such as \"30.00\", not \"%s\"", name, text);
    } else if (c->op == COND_MATCHES) {
        c->pattern = conf_field_pattern(l, at, text);
    } else if (c->op == COND_CONTAINS && !*text) {
        conf_mistake(l, at, "\"contains\" needs a text; every text holds an empty one");
    } else if (c->op == COND_IS && known) {
        typed(l, at, known, v);
    }
}

static void values_load(struct conf_loader *l, config_setting_t *s, const struct asks *a,
                        const struct cat_field *known, struct conf_condition *c)
{
    c->op = a->op;
    c->negate = a->negate;
    if (c->op == COND_HAS) {
        if (config_setting_type(s) != CONFIG_TYPE_BOOL)
            conf_mistake(l, s, "\"%s\" must be true or false", a->name);
        else if (!config_setting_get_bool(s))
            c->negate = !c->negate; /* has = false is empty = true */
        return;
    }
    if (a->many != (bool)config_setting_is_aggregate(s) || config_setting_is_group(s)) {
        conf_mistake(l, s, "\"%s\" must be %s", a->name,
                     a->many ? "a list, as in [ \"a\", \"b\" ]" : "one value");
        return;
    }
    int n = a->many ? config_setting_length(s) : 1;
    if (n == 0)
        conf_mistake(l, s, "\"%s\" lists nothing", a->name);
    c->values = conf_held_alloc(l->held, sizeof *c->values * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        value_load(l, a->many ? config_setting_get_elem(s, (unsigned)i) : s, s, known, c);
}

/* ---- what it asks of ---- */

/* Can a field of this type ever be asked so? */
static void check_type(struct conf_loader *l, config_setting_t *s, struct conf_type type,
                       const struct conf_condition *c)
{
    const struct cat_field *known = type.field;
    enum field_type t = (enum field_type)type.type;
    const char *name = config_setting_name(s);
    bool whole = t == FIELD_OBJECT || t == FIELD_LIST;
    if (c->op == COND_HAS || (c->op == COND_CONTAINS && t == FIELD_LIST && !known->field_count))
        return;
    if (whole && known->field_count)
        conf_mistake(l, s, "\"%s\" is %s, so \"%s\" never holds; name a field of it, such as "
                     "\"%s%s.%s\"", known->name, t == FIELD_LIST ? "a list" : "an object", name,
                     known->name, t == FIELD_LIST ? "[]" : "", known->fields[0].name);
    else if (whole)
        conf_mistake(l, s, "\"%s\" is %s, so \"%s\" never holds; ask whether it has = true",
                     known->name, t == FIELD_LIST ? "a list" : "an object", name);
    else if ((c->op == COND_LESS || c->op == COND_MORE) && (t == FIELD_DATE || t == FIELD_TIME))
        conf_mistake(l, s, "\"%s\" is a date; ask with before or after", known->name);
    else if ((c->op == COND_LESS || c->op == COND_MORE) && t == FIELD_BOOLEAN)
        conf_mistake(l, s, "\"%s\" is true or false, so \"%s\" never holds", known->name, name);
    else if ((c->op == COND_BEFORE || c->op == COND_AFTER) &&
             (t == FIELD_DECIMAL || t == FIELD_INTEGER || t == FIELD_BOOLEAN))
        conf_mistake(l, s, "\"%s\" is no date, so \"%s\" never holds", known->name, name);
}

static void field_load(struct conf_loader *l, config_setting_t *s,
                       const struct conf_field_context *m, struct conf_condition *c)
{
    struct conf_type known = {CONF_TYPE_ANY, NULL};
    config_setting_t *via = conf_member_get(s, "via");
    const char *field = conf_member_text(l, s, "field", NULL);
    int tests = 0;
    if (field)
        c->field = conf_field_path(l, s, field);
    else if (!conf_member_get(s, "field") && !via)
        conf_mistake(l, s, "the condition has no \"field\"");
    if (c->field)
        known = conf_field_read(l, conf_member_get(s, "field"), m, field);
    if (via) {
        conf_via_load(l, via, false, &c->via, &c->via_count);
        known = conf_type_through(l, s, c->via, c->via_count, known);
    }
    c->setting = field && !m->get && strncmp(field, "settings.", 9) == 0;
    for (int i = 0; i < COUNT(asks); i++) {
        config_setting_t *test = conf_member_get(s, asks[i].name);
        if (!test)
            continue;
        tests++;
        values_load(l, test, &asks[i], known.type >= 0 ? known.field : NULL, c);
        if (known.type >= 0 && known.field)
            check_type(l, test, known, c);
    }
    if (tests != 1)
        conf_mistake(l, s,
                     "a condition needs exactly one of is, not, in, not_in, has, empty, less, "
                     "more, contains, matches, before, after");
}

static void expr_load(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, struct conf_condition *c)
{
    c->op = COND_EXPR;
    c->expr = conf_field_expr(l, s, m);
    if (c->expr && !expr_compares(c->expr))
        conf_mistake(l, s, "\"%s\" calculates, and compares nothing; write it as in \"price < "
                     "purchase_price\"", expr_text(c->expr));
}

static void list_load(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, int depth, struct conf_condition **out,
                      int *count);

/* "all", "any", "none" or "expr" stand for themselves. */
static void alone(struct conf_loader *l, config_setting_t *s, const config_setting_t *self)
{
    for (int i = 0; i < config_setting_length(s); i++) {
        config_setting_t *other = config_setting_get_elem(s, (unsigned)i);
        if (other != self)
            conf_mistake(l, other, "\"%s\" stands alone in its condition, without \"%s\"",
                         config_setting_name(self), config_setting_name(other));
    }
}

static void condition_load(struct conf_loader *l, config_setting_t *s,
                           const struct conf_field_context *m, int depth, struct conf_condition *c)
{
    c->at = conf_mistake_at(l, s);
    c->zone = zone_find(l->conf->home.zone);
    if (!config_setting_is_group(s)) {
        conf_mistake(l, s, "a condition is a group, as in { field = \"status\"; is = \"paid\"; }");
        return;
    }
    conf_member_check_names(l, s, condition_keys, COUNT(condition_keys));
    config_setting_t *expr = conf_member_get(s, "expr");
    for (int i = 0; i < COUNT(groups); i++) {
        config_setting_t *inner = conf_member_get(s, groups[i].name);
        if (!inner)
            continue;
        c->op = groups[i].op;
        alone(l, s, inner);
        list_load(l, inner, m, depth + 1, &c->inner, &c->inner_count);
        return;
    }
    if (expr) {
        alone(l, s, expr);
        expr_load(l, expr, m, c);
    } else {
        field_load(l, s, m, c);
    }
}

static void list_load(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, int depth, struct conf_condition **out,
                      int *count)
{
    const char *name = config_setting_name(s);
    if (!config_setting_is_list(s)) {
        conf_mistake(l, s,
                     "\"%s\" must be a list of conditions, as in ( { field = ...; is = ...; } )",
                     name);
        return;
    }
    if (depth > NEST_LIMIT) {
        conf_mistake(l, s, "conditions are nested more than %d deep", NEST_LIMIT);
        return;
    }
    *count = config_setting_length(s);
    if (*count == 0 && depth > 0)
        conf_mistake(l, s, "\"%s\" lists no condition", name);
    *out = conf_held_alloc(l->held, sizeof **out * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        condition_load(l, config_setting_get_elem(s, (unsigned)i), m, depth, &(*out)[i]);
}

void conf_condition_load(struct conf_loader *l, config_setting_t *s,
                         const struct conf_field_context *m, struct conf_condition **out,
                         int *count)
{
    if (!s)
        return;
    list_load(l, s, m, 0, out, count);
    conf_never_check(l, *out, *count);
}
