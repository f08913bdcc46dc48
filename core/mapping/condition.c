/* SPDX-License-Identifier: MIT
 * Conditions: what a record must be like for a rule or a flow to take it. */
#include "mapping/condition.h"

#include <string.h>

#include "base/decimal.h"
#include "mapping/value.h"

static bool listed(const struct conf_condition *c, const json_t *value)
{
    char digits[32];
    const char *text;
    if (!value || !value_text(value, digits, &text))
        return false;
    size_t i;
    json_t *want;
    json_array_foreach(c->values, i, want) {
        if (strcmp(json_string_value(want), text) == 0)
            return true;
    }
    return false;
}

static bool ordered(const struct conf_condition *c, const json_t *value, int sign)
{
    char digits[32];
    const char *text;
    struct decimal a, b;
    const char *limit = json_string_value(json_array_get(c->values, 0));
    if (!value || !value_text(value, digits, &text) || decimal_parse(text, &a) != 0 || !limit ||
        decimal_parse(limit, &b) != 0)
        return false;
    return decimal_compare(a, b) == sign;
}

/* The flow's settings stand at the top of the record and are meant from everywhere below. */
json_t *condition_value(const struct path *path, const json_t *record, const json_t *root)
{
    bool setting = strncmp(path_text(path), "settings.", 9) == 0;
    return path_get(path, setting ? root : record);
}

static bool holds(const struct conf_condition *c, const json_t *record, const json_t *root)
{
    const json_t *value = condition_value(c->field, record, root);
    switch (c->op) {
    case COND_IS:
    case COND_IN:
        return listed(c, value);
    case COND_NOT:
    case COND_NOT_IN:
        return !listed(c, value);
    case COND_HAS:
        return !value_is_blank(value);
    case COND_EMPTY:
        return value_is_blank(value);
    case COND_LESS:
        return ordered(c, value, -1);
    case COND_MORE:
        return ordered(c, value, 1);
    }
    return false;
}

bool condition_all(const struct conf_condition *conditions, int count, const json_t *record,
                   const json_t *root, const struct conf_condition **failed)
{
    for (int i = 0; i < count; i++) {
        if (holds(&conditions[i], record, root))
            continue;
        if (failed)
            *failed = &conditions[i];
        return false;
    }
    return true;
}

void condition_words(const struct conf_condition *c, struct buf *out)
{
    static const char *const words[] = {
        [COND_IS] = "is",          [COND_NOT] = "is not",       [COND_IN] = "is one of",
        [COND_NOT_IN] = "is none of", [COND_HAS] = "has a value", [COND_EMPTY] = "is empty",
        [COND_LESS] = "is less than", [COND_MORE] = "is more than"};
    size_t i;
    json_t *value;
    buf_printf(out, "%s %s", path_text(c->field), words[c->op]);
    json_array_foreach(c->values, i, value)
        buf_printf(out, "%s \"%s\"", i ? "," : "", json_string_value(value));
}
