/* SPDX-License-Identifier: MIT
 * The difference that a rule makes, field by field. */
#include "commands/map_changes.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_text.h"
#include "base/visible.h"

#define LINE_LIMIT (1 << 20)

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const json_t *rules_of(const json_t *row, const char *side)
{
    return json_object_get(json_object_get(row, "explain"), side);
}

/* The rule that gave the field its value; NULL: none did. */
static const json_t *giver(const json_t *rules, const char *to)
{
    const json_t *found = NULL;
    size_t i;
    json_t *rule;
    json_array_foreach((json_t *)rules, i, rule) {
        if (strcmp(text_of(rule, "to"), to) == 0 && json_is_true(json_object_get(rule, "applied")))
            found = rule;
    }
    return found;
}

static size_t count_of(const json_t *rules, const char *to)
{
    size_t i, count = 0;
    json_t *rule;
    json_array_foreach((json_t *)rules, i, rule)
        count += strcmp(text_of(rule, "to"), to) == 0;
    return count;
}

static void add_value(struct buf *out, const json_t *rule)
{
    const json_t *value = json_object_get(rule, "value");
    char *text = value && !json_is_null(value) ? json_text(value, false, NULL) : NULL;
    buf_add_text(out, text ? text : "nothing");
    free(text);
}

static void add_place(struct buf *out, const json_t *rule)
{
    const json_t *at = json_object_get(rule, "rule");
    const char *file = text_of(at, "file"), *base = strrchr(file, '/');
    buf_printf(out, "  (%s, %s:%d)", text_of(rule, "because"), base ? base + 1 : file,
               (int)json_integer_value(json_object_get(at, "line")));
}

/* Why a rule gave nothing. */
static void add_idle(struct buf *out, const json_t *rule)
{
    const json_t *when = json_object_get(rule, "when");
    if (when) {
        buf_printf(out, ": not %s; it is ", text_of(when, "condition"));
        add_value(out, when);
    } else if (*text_of(rule, "error")) {
        buf_printf(out, ": %s", text_of(rule, "error"));
    }
    add_place(out, rule);
}

/* idle: the last rule for the field, which gave it nothing; NULL: there is none. */
static void print_change(const char *to, const json_t *was, const json_t *now, const json_t *idle)
{
    struct buf line;
    buf_init(&line, LINE_LIMIT);
    buf_printf(&line, "  %s: ", to);
    add_value(&line, was);
    buf_add_text(&line, " -> ");
    add_value(&line, now);
    if (now)
        add_place(&line, now);
    else if (idle)
        add_idle(&line, idle);
    visible_print(stdout, "%s\n", buf_text(&line));
    buf_done(&line);
}

static void print_idle(const json_t *rule)
{
    struct buf line;
    buf_init(&line, LINE_LIMIT);
    buf_printf(&line, "  %s: the rule gives nothing here", text_of(rule, "to"));
    add_idle(&line, rule);
    visible_print(stdout, "%s\n", buf_text(&line));
    buf_done(&line);
}

static bool same(const json_t *a, const json_t *b)
{
    const json_t *x = json_object_get(a, "value"), *y = json_object_get(b, "value");
    return x && y ? json_equal(x, y) : !x == !y;
}

static int print_side(const char *side, const json_t *was, const json_t *now)
{
    const json_t *before = rules_of(was, side), *after = rules_of(now, side);
    json_t *told = json_object(), *rule;
    int changes = 0;
    size_t i;
    json_array_foreach((json_t *)after, i, rule) {
        const char *to = text_of(rule, "to");
        const json_t *old = giver(before, to), *new = giver(after, to);
        bool applied = json_is_true(json_object_get(rule, "applied"));
        bool idle = !applied && count_of(after, to) > count_of(before, to) &&
                    i + 1 == json_array_size(after);
        if (json_object_get(told, to))
            continue;
        if (!same(old, new)) {
            print_change(to, old, new, applied ? NULL : rule);
        } else if (idle) {
            print_idle(rule);
        } else {
            continue;
        }
        changes++;
        json_object_set_new(told, to, json_true());
    }
    json_array_foreach((json_t *)before, i, rule) {
        const char *to = text_of(rule, "to");
        if (giver(before, to) && !giver(after, to) && !json_object_get(told, to)) {
            print_change(to, giver(before, to), NULL, NULL);
            json_object_set_new(told, to, json_true());
            changes++;
        }
    }
    json_decref(told);
    return changes;
}

void map_changes_print(const json_t *was, const json_t *now)
{
    int changes = print_side("get", was, now) + print_side("send", was, now);
    const char *outcome = text_of(now, "outcome"), *detail = text_of(now, "detail");
    if (changes == 0)
        visible_print(stdout, "  no field of this record changes\n");
    if (strcmp(outcome, text_of(was, "outcome")) != 0 || strcmp(outcome, "parked") == 0)
        visible_print(stdout, "  %s%s%s%s%s\n", outcome, *text_of(now, "reason") ? ", " : "",
                      text_of(now, "reason"), *detail ? ": " : "", detail);
}
