/* SPDX-License-Identifier: MIT
 * Conditions: what a record must be like for a rule or a flow to take it. */
#include "mapping/condition.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "mapping/value.h"
#include "mapping/via.h"

/* One question about one record: what stays the same however deep conditions are nested. */
struct asked {
    const json_t *record, *root;
    struct koppel_error *err;
};

static int undecided(const struct asked *a, const struct conf_condition *c, const char *why)
{
    return err_reason(a->err, KOPPEL_E_REJECTED, "map.condition", "the condition at %s:%d: %s",
                      c->at.file ? c->at.file : "", c->at.line, why);
}

/* ---- one value ---- */

/* As the day it is in the zone. false: it is none. */
static bool day_of(const char *text, const struct zone *zone, struct date *out)
{
    return date_parse(text, out, NULL) == 0 && date_home(out, zone) == 0;
}

static int64_t today(const struct zone *zone)
{
    struct date now = {0};
    if (date_from_unix_ms(clock_now_ms(), &now) != 0)
        return 0;
    now.has_time = now.has_offset = true;
    (void)date_home(&now, zone);
    return date_days(&now);
}

/* Which comes first: -1 the value, 1 the limit; 0 neither. Moments where both have a time. */
static int day_order(const struct date *value, const struct conf_value *limit,
                     const struct zone *zone)
{
    bool moments = !limit->from_today && limit->day.has_time && value->has_time;
    int64_t a = moments ? date_unix_ms(value) : date_days(value);
    int64_t b = moments             ? date_unix_ms(&limit->day)
                : limit->from_today ? today(zone) + limit->days
                                    : date_days(&limit->day);
    return (a > b) - (a < b);
}

static bool equal(const struct conf_condition *c, const struct conf_value *want, const char *text)
{
    struct decimal number;
    struct date day;
    if (want->is_number)
        return decimal_parse(text, &number) == 0 && decimal_compare(number, want->number) == 0;
    if (want->is_day)
        return day_of(text, c->zone, &day) && date_days(&day) == date_days(&want->day);
    return strcmp(want->text, text) == 0;
}

static bool listed(const struct conf_condition *c, const char *text)
{
    for (int i = 0; i < c->value_count; i++) {
        if (equal(c, &c->values[i], text))
            return true;
    }
    return false;
}

/* Of a list: is one of its elements it? */
static bool has_element(const struct conf_condition *c, const json_t *list)
{
    char buf[32];
    const char *text;
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element) {
        if (value_text(element, buf, &text) && strcmp(text, c->values[0].text) == 0)
            return true;
    }
    return false;
}

static int found(const struct asked *a, const struct conf_condition *c, const char *text)
{
    char why[PATTERN_WHY_BYTES];
    int rc = pattern_finds(c->pattern, text, why);
    return rc < 0 ? undecided(a, c, why) : rc;
}

/* 1 or 0, -1: it cannot be decided. */
static int test(const struct asked *a, const struct conf_condition *c, const json_t *value)
{
    char buf[32];
    const char *text;
    struct decimal number;
    struct date day;
    if (c->op == COND_HAS)
        return !value_is_blank(value);
    if (c->op == COND_CONTAINS && json_is_array(value))
        return has_element(c, value);
    if (!value || !value_text(value, buf, &text))
        return 0;
    switch (c->op) {
    case COND_IS:
        return listed(c, text);
    case COND_LESS:
    case COND_MORE:
        return decimal_parse(text, &number) == 0 &&
               decimal_compare(number, c->values[0].number) == (c->op == COND_LESS ? -1 : 1);
    case COND_CONTAINS:
        return strstr(text, c->values[0].text) != NULL;
    case COND_MATCHES:
        return found(a, c, text);
    default:
        return day_of(text, c->zone, &day) &&
               day_order(&day, &c->values[0], c->zone) == (c->op == COND_BEFORE ? -1 : 1);
    }
}

/* The same of what the functions make of it. */
static int test_via(const struct asked *a, const struct conf_condition *c, const json_t *value)
{
    const char *failed;
    if (!c->via_count)
        return test(a, c, value);
    json_t *made = json_incref((json_t *)value);
    int rc = via_apply(c->via, c->via_count, &made, NULL, NULL, &failed, a->err);
    if (rc == 0) {
        rc = test(a, c, made);
    } else {
        if (a->err && !a->err->reason[0])
            snprintf(a->err->reason, sizeof a->err->reason, "map.condition");
        err_prefix(a->err, "the condition at %s:%d, %s", c->at.file ? c->at.file : "", c->at.line,
                   failed);
    }
    json_decref(made);
    return rc;
}

/* ---- a condition ---- */

struct each {
    const struct asked *asked;
    const struct conf_condition *condition;
};

static int visit(void *arg, json_t *value)
{
    const struct each *e = arg;
    return test_via(e->asked, e->condition, value);
}

/* Of a path with [] one of the values is enough. */
static int field_holds(const struct asked *a, const struct conf_condition *c)
{
    const json_t *record = c->setting ? a->root : a->record;
    if (!c->field)
        return test_via(a, c, record);
    if (path_is_plural(c->field)) {
        struct each e = {a, c};
        return path_each(c->field, record, visit, &e);
    }
    return test_via(a, c, path_get(c->field, record));
}

/* What has no value makes a comparison false, like any other condition. */
static int expression_holds(const struct asked *a, const struct conf_condition *c)
{
    struct koppel_error why = {0};
    struct decimal result;
    if (expr_eval(c->expr, a->record, a->root, 0, &result, &why) == 0)
        return !decimal_is_zero(result);
    return strcmp(why.reason, "expr.missing") == 0 ? 0 : undecided(a, c, why.text);
}

static int holds(const struct asked *a, const struct conf_condition *c);

/* Do all of them, where `all`, else: does one of them hold? */
static int group_holds(const struct asked *a, const struct conf_condition *conditions, int count,
                       bool all, const struct conf_condition **failed)
{
    for (int i = 0; i < count; i++) {
        int rc = holds(a, &conditions[i]);
        if (rc < 0)
            return rc;
        if (rc != all) {
            if (failed)
                *failed = &conditions[i];
            return rc;
        }
    }
    return all;
}

static int holds(const struct asked *a, const struct conf_condition *c)
{
    int rc;
    switch (c->op) {
    case COND_ALL:
    case COND_ANY:
        return group_holds(a, c->inner, c->inner_count, c->op == COND_ALL, NULL);
    case COND_NONE:
        rc = group_holds(a, c->inner, c->inner_count, false, NULL);
        return rc < 0 ? rc : !rc;
    case COND_EXPR:
        return expression_holds(a, c);
    default:
        rc = field_holds(a, c);
        return rc < 0 ? rc : rc != c->negate;
    }
}

int condition_all(const struct conf_condition *conditions, int count, const json_t *record,
                  const json_t *root, const struct conf_condition **failed,
                  struct koppel_error *err)
{
    struct asked a = {record, root, err};
    return group_holds(&a, conditions, count, true, failed);
}

/* The flow's settings stand at the top of the record and are meant from everywhere below. */
json_t *condition_value(const struct path *path, const json_t *record, const json_t *root)
{
    return path_get(path, path_is_setting(path) ? root : record);
}

/* ---- for people ---- */

static void group_words(const struct conf_condition *c, const char *word, struct buf *out)
{
    buf_printf(out, "%s of (", word);
    for (int i = 0; i < c->inner_count; i++) {
        buf_add_text(out, i ? "; " : "");
        condition_words(&c->inner[i], out);
    }
    buf_add_text(out, ")");
}

void condition_words(const struct conf_condition *c, struct buf *out)
{
    static const char *const words[][2] = {
        [COND_IS] = {"is", "is not"},
        [COND_HAS] = {"has a value", "is empty"},
        [COND_LESS] = {"is less than", ""},
        [COND_MORE] = {"is more than", ""},
        [COND_CONTAINS] = {"contains", ""},
        [COND_MATCHES] = {"matches", ""},
        [COND_BEFORE] = {"is before", ""},
        [COND_AFTER] = {"is after", ""},
        [COND_EXPR] = {"", ""},
    };
    static const char *const groups[] = {[COND_ALL] = "all", [COND_ANY] = "any",
                                         [COND_NONE] = "none"};
    if (c->op >= COND_ALL) {
        group_words(c, groups[c->op], out);
        return;
    }
    if (c->op == COND_EXPR) {
        buf_add_text(out, expr_text(c->expr));
        return;
    }
    buf_add_text(out, c->field ? path_text(c->field) : "the record");
    for (int i = 0; i < c->via_count; i++)
        buf_printf(out, "%s via %s", i ? "," : "", c->via[i].text);
    buf_printf(out, " %s", words[c->op][c->negate]);
    for (int i = 0; i < c->value_count; i++)
        buf_printf(out, "%s \"%s\"", i == 0 ? "" : " or", c->values[i].text);
}
