/* SPDX-License-Identifier: MIT
 * Conditions that contradict one another: what must hold together is taken apart into single
 * questions (all of these, none of those), and each two about one field are compared. */
#include "config/conf_never.h"

#include <string.h>

#include "base/date.h"

#define TOGETHER_LIMIT 64

/* A question whose answer must be yes, or no where `not`. */
struct one {
    const struct conf_condition *c;
    bool not;
};

struct together {
    struct one ones[TOGETHER_LIMIT];
    int count;
};

static void take_apart(struct together *t, const struct conf_condition *conditions, int count,
                       bool not)
{
    for (int i = 0; i < count; i++) {
        const struct conf_condition *c = &conditions[i];
        bool both = c->op == COND_ALL && !not;
        bool neither = (c->op == COND_NONE && !not) || (c->op == COND_ANY && not);
        if (both || neither)
            take_apart(t, c->inner, c->inner_count, neither);
        else if (c->op < COND_EXPR && c->field && !c->via_count && t->count < TOGETHER_LIMIT)
            t->ones[t->count++] = (struct one){c, not != c->negate};
    }
}

/* ---- two questions about one field ---- */

static bool same_value(const struct conf_value *a, const struct conf_value *b)
{
    if (a->is_number)
        return decimal_compare(a->number, b->number) == 0;
    if (a->is_day)
        return date_days(&a->day) == date_days(&b->day);
    return strcmp(a->text, b->text) == 0;
}

static bool names(const struct conf_condition *c, const struct conf_value *v)
{
    for (int i = 0; i < c->value_count; i++) {
        if (same_value(&c->values[i], v))
            return true;
    }
    return false;
}

/* Can a value fulfil this other question? What is not known is possible. */
static bool possible(const struct conf_value *v, const struct one *o)
{
    const struct conf_condition *c = o->c;
    struct decimal d;
    bool holds = true;
    switch (c->op) {
    case COND_IS:
        holds = names(c, v);
        break;
    case COND_HAS:
        holds = *v->text != '\0';
        break;
    case COND_LESS:
    case COND_MORE:
        holds = decimal_parse(v->text, &d) == 0 &&
                decimal_compare(d, c->values[0].number) == (c->op == COND_LESS ? -1 : 1);
        break;
    case COND_CONTAINS:
        holds = strstr(v->text, c->values[0].text) != NULL;
        break;
    default:
        return true;
    }
    return holds != o->not;
}

static int64_t day_of(const struct conf_value *v)
{
    return v->from_today ? v->days : date_days(&v->day);
}

/* Nothing lies above the one and below the other. */
static bool no_room(const struct conf_condition *below, const struct conf_condition *above)
{
    const struct conf_value *high = &below->values[0], *low = &above->values[0];
    if (below->op == COND_LESS && above->op == COND_MORE)
        return decimal_compare(high->number, low->number) <= 0;
    return below->op == COND_BEFORE && above->op == COND_AFTER &&
           high->from_today == low->from_today && day_of(high) <= day_of(low);
}

static bool never_one_way(const struct one *a, const struct one *b)
{
    if (a->c->op == COND_HAS && a->not) /* it is empty: so what asks of a value does not hold */
        return !b->not;
    if (a->c->op == COND_IS && !a->not) {
        for (int i = 0; i < a->c->value_count; i++) {
            if (possible(&a->c->values[i], b))
                return false;
        }
        return a->c->value_count > 0;
    }
    return !a->not && !b->not && a->c->value_count && b->c->value_count && no_room(a->c, b->c);
}

static bool sound(const struct conf_condition *c)
{
    return c->op == COND_HAS || c->value_count > 0;
}

static bool never(const struct one *a, const struct one *b)
{
    /* of several values (lines[].kind), one may fulfil the one and another the other */
    if (path_is_plural(a->c->field) || !sound(a->c) || !sound(b->c) ||
        strcmp(path_text(a->c->field), path_text(b->c->field)) != 0)
        return false;
    return never_one_way(a, b) || never_one_way(b, a);
}

static void check_list(struct conf_loader *l, const struct conf_condition *conditions, int count,
                       bool not)
{
    struct together t = {.count = 0};
    take_apart(&t, conditions, count, not);
    for (int i = 1; i < t.count; i++) {
        for (int k = 0; k < i; k++) {
            if (!never(&t.ones[k], &t.ones[i]))
                continue;
            const struct conf_at *at = &t.ones[i].c->at;
            conf_report_add(l->report, false, at->file, at->line,
                            "this never holds together with the condition on \"%s\" of line %d, "
                            "so nothing is ever taken",
                            path_text(t.ones[k].c->field), t.ones[k].c->at.line);
            return;
        }
    }
}

/* Below `any` and `none` each stands for itself. */
static void check_inside(struct conf_loader *l, const struct conf_condition *c)
{
    for (int i = 0; i < c->inner_count; i++) {
        const struct conf_condition *inner = &c->inner[i];
        if (c->op != COND_ALL && inner->op == COND_ALL)
            check_list(l, inner->inner, inner->inner_count, false);
        check_inside(l, inner);
    }
}

void conf_never_check(struct conf_loader *l, const struct conf_condition *conditions, int count)
{
    check_list(l, conditions, count, false);
    for (int i = 0; i < count; i++)
        check_inside(l, &conditions[i]);
}

static bool is_state(const struct model *m, const struct conf_condition *c)
{
    const struct cat_field *field =
        m && m->record ? catalogue_field(m->record, path_text(c->field)) : NULL;
    return field && field->value_count > 0;
}

bool conf_never_both(const struct conf_condition *a, int a_count, const struct conf_condition *b,
                     int b_count, const struct model *m)
{
    struct together x = {.count = 0}, y = {.count = 0};
    take_apart(&x, a, a_count, false);
    take_apart(&y, b, b_count, false);
    for (int i = 0; i < x.count; i++) {
        for (int k = 0; k < y.count; k++) {
            if (never(&x.ones[i], &y.ones[k]) && !is_state(m, x.ones[i].c))
                return true;
        }
    }
    return false;
}
