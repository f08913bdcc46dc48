/* SPDX-License-Identifier: MIT
 * Types of values in a mapping. Texts become anything that their letters allow, so only what never
 * fits is a mistake; what is most likely meant otherwise is a warning. */
#include "config/conf_type.h"

#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/fold.h"
#include "base/nearest.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

#define BIT(type) (1u << (type))
#define NUMBERS (BIT(FIELD_DECIMAL) | BIT(FIELD_INTEGER))
#define DATES (BIT(FIELD_DATE) | BIT(FIELD_TIME))
#define WHOLES (BIT(FIELD_OBJECT) | BIT(FIELD_LIST))
#define IS(type, set) ((type) >= 0 && (BIT(type) & (set)))

const char *conf_type_words(int type)
{
    static const char *const words[] = {
        [FIELD_TEXT] = "a text",        [FIELD_DECIMAL] = "a number",
        [FIELD_INTEGER] = "a whole number", [FIELD_BOOLEAN] = "true or false",
        [FIELD_DATE] = "a date",        [FIELD_TIME] = "a moment",
        [FIELD_OBJECT] = "an object",   [FIELD_LIST] = "a list"};
    return type < 0 ? "anything" : words[type];
}

int conf_type_literal(const json_t *value)
{
    return json_is_integer(value)   ? FIELD_INTEGER
           : json_is_boolean(value) ? FIELD_BOOLEAN
           : json_is_string(value)  ? FIELD_TEXT
                                    : CONF_TYPE_ANY;
}

static const char *name_of(struct conf_type t)
{
    return t.field ? t.field->name : "the value";
}

/* ---- what is written in the rule itself ---- */

/* Why the field never holds it; NULL: it may. */
static const char *misfit(const json_t *value, int type)
{
    const char *text = json_string_value(value);
    struct decimal d;
    struct date day;
    int64_t whole;
    if (text && !*text)
        return NULL; /* it empties the field */
    if (IS(type, NUMBERS)) {
        bool number = text ? decimal_parse(text, &d) == 0 : json_is_integer(value);
        if (!number)
            return "a number such as \"19.95\"";
        return type == FIELD_INTEGER && text && decimal_to_int(d, 0, &whole) != 0 ? "a whole number"
                                                                                 : NULL;
    }
    if (type == FIELD_BOOLEAN)
        return json_is_boolean(value) ||
               (text && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
                   ? NULL : "true or false";
    if (IS(type, DATES))
        return text && date_parse(text, &day, NULL) == 0 ? NULL : "a date such as \"2026-01-31\"";
    if (IS(type, WHOLES))
        return type == FIELD_LIST ? "a list" : "an object";
    return type == FIELD_TEXT && json_is_boolean(value) ? "a text, in quotes" : NULL;
}

void conf_type_check_value(struct conf_loader *l, const config_setting_t *s,
                           const struct cat_field *field, const char *text)
{
    const char *const *values = field ? (const char *const *)field->values : NULL;
    for (int i = 0; field && text && i < field->value_count; i++) {
        if (strcmp(values[i], text) == 0)
            return;
    }
    if (field && text && field->value_count)
        conf_mistake_near(l, s, nearest_name(text, values, field->value_count),
                          "\"%s\" is never \"%s\"; it is one of %s", field->name, text,
                          conf_member_joined(l, values, field->value_count));
}

static void check_literal(struct conf_loader *l, const config_setting_t *s, const json_t *value,
                          struct conf_type to)
{
    const char *wanted = value ? misfit(value, to.type) : NULL;
    if (wanted)
        conf_mistake(l, s, "\"%s\" holds %s, not %s", name_of(to), wanted,
                     json_is_string(value) ? "this text"
                                           : conf_type_words(conf_type_literal(value)));
    else if (json_string_value(value) && *json_string_value(value))
        conf_type_check_value(l, s, to.field, json_string_value(value));
}

/* ---- through functions ---- */

/* Numbers, dates and booleans are texts where nothing but a text is wanted. */
static bool takes(const struct cat_function *f, int type)
{
    unsigned set = f->takes;
    if (set & NUMBERS)
        set |= NUMBERS;
    if (set & DATES)
        set |= DATES;
    if (set & BIT(FIELD_TEXT) && !(f->takes & (NUMBERS | DATES)))
        set |= ~WHOLES;
    return !f->takes || type < 0 || set & BIT(type);
}

static const char *taken(struct conf_loader *l, const struct cat_function *f)
{
    const char *all = "";
    for (int t = FIELD_TEXT; t <= FIELD_LIST; t++) {
        if (f->takes & BIT(t))
            all = conf_held_text(l->held, "%s%s%s", all, *all ? " or " : "", conf_type_words(t));
    }
    return all;
}

struct conf_type conf_type_through(struct conf_loader *l, config_setting_t *s,
                                   const struct conf_via *via, int count, struct conf_type t)
{
    config_setting_t *at = conf_member_get(s, "via");
    for (int i = 0; i < count; i++) {
        const struct cat_function *f = plugins_call_function(&via[i].call);
        if (!f)
            return (struct conf_type){CONF_TYPE_ANY, NULL};
        if (!takes(f, t.type)) {
            bool text = t.type == FIELD_TEXT;
            const char *words = conf_held_text(
                l->held, "function \"%s\" is for %s, \"%s\" is %s%s", f->name, taken(l, f),
                name_of(t), conf_type_words(t.type),
                text ? ": a record whose text is none parks" : "");
            conf_mistake_note(l, at, text, words);
        }
        t = (struct conf_type){f->gives, NULL};
    }
    return t;
}

/* ---- into the field ---- */

static bool fits(int from, int to)
{
    if (from < 0 || to < 0 || from == to)
        return true;
    if (IS(from, WHOLES) || IS(to, WHOLES))
        return false;
    if (to == FIELD_TEXT || from == FIELD_TEXT)
        return true;
    if (IS(to, NUMBERS))
        return IS(from, NUMBERS);
    if (IS(to, DATES))
        return IS(from, DATES);
    return from == FIELD_INTEGER; /* 0 and 1 are false and true */
}

static const char *advice(int from, int to)
{
    if (from == FIELD_LIST)
        return "; name one element of it, as in [0], or join them by \"join\"";
    if (to == FIELD_LIST)
        return "; \"append\" adds one value to it, \"each\" and \"map\" make its elements";
    return from == FIELD_OBJECT || to == FIELD_OBJECT ? "; name a field inside it" : "";
}

static void check_result(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r,
                         struct conf_type from, struct conf_type to)
{
    config_setting_t *at = conf_member_get(s, "from");
    if (!at)
        at = conf_member_get(s, "expr") ? conf_member_get(s, "expr") : conf_member_get(s, "to");
    if (!fits(from.type, to.type))
        conf_mistake(l, at, "\"%s\" is %s, \"%s\" takes %s%s", name_of(from),
                     conf_type_words(from.type), name_of(to), conf_type_words(to.type),
                     advice(from.type, to.type));
    else if (from.type == FIELD_DECIMAL && to.type == FIELD_TEXT && !r->via_count)
        conf_mistake_note(l, at, true,
                          conf_held_text(l->held,
                                         "\"%s\" is a number and \"%s\" a text: it arrives as "
                                         "digits such as \"19.95\"; say how by a function",
                                         name_of(from), name_of(to)));
    else if (from.type == FIELD_TEXT && from.field && to.type == FIELD_DECIMAL)
        conf_mistake_note(l, at, true,
                          conf_held_text(l->held,
                                         "\"%s\" is a text and \"%s\" a number: a record whose "
                                         "text is none parks",
                                         name_of(from), name_of(to)));
}

void conf_type_check_rule(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r,
                          struct conf_type from, struct conf_type to)
{
    if (r->append && to.type >= 0 && to.type != FIELD_LIST) {
        conf_mistake(l, conf_member_get(s, "to"), "\"append\" adds to a list, \"%s\" is %s",
                     name_of(to), conf_type_words(to.type));
        return;
    }
    if (r->append) /* one element of it: one of its objects, where it is a list of these */
        to.type = to.field && to.field->field_count ? FIELD_OBJECT : CONF_TYPE_ANY;
    struct conf_type result = conf_type_through(l, s, r->via, r->via_count, from);
    check_literal(l, conf_member_get(s, "default"), r->fallback, to);
    if (r->value_json && !r->via_count && !r->table)
        check_literal(l, conf_member_get(s, "value"), r->value_json, to);
    else if (!r->value_json && !r->table && !r->force)
        check_result(l, s, r, result, to);
}
