/* SPDX-License-Identifier: MIT
 * Expressions: a walk over the nodes. */
#include "base/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/expr_node.h"
#include "base/fold.h"

void expr_free(struct expr *e)
{
    if (!e)
        return;
    for (int i = 0; i < e->count; i++)
        path_free(e->nodes[i].path);
    free(e->text);
    free(e);
}

const char *expr_text(const struct expr *e)
{
    return e->text;
}

bool expr_compares(const struct expr *e)
{
    return e->nodes[e->root].type >= NODE_LESS;
}

const struct path *expr_path(const struct expr *e, int index)
{
    for (int i = 0; i < e->count; i++) {
        if (e->nodes[i].type == NODE_NAME && index-- == 0)
            return e->nodes[i].path;
    }
    return NULL;
}

/* ---- evaluating ---- */

/* above / below, below more than zero; 1 everywhere but inside round(). */
struct fraction {
    struct decimal above, below;
};

static const struct decimal one = {1, 0};

struct walk {
    const struct expr *e;
    const json_t *record, *root;
    unsigned flags;
    bool exact; /* inside round() */
    struct koppel_error *err;
};

static int refuse(const struct walk *w, const char *reason, const char *what)
{
    return err_reason(w->err, KOPPEL_E_REJECTED, reason, "expression \"%s\": %s", w->e->text, what);
}

static int out_of_range(const struct walk *w)
{
    return refuse(w, "expr.range", "a value is too large or has too many places to calculate with");
}

static __int128 common_divisor(__int128 a, __int128 b)
{
    while (b) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* Without it, a chain of operations would soon leave no room. */
static struct fraction reduced(struct fraction f)
{
    f.above = decimal_trim(f.above, 0);
    f.below = decimal_trim(f.below, 0);
    __int128 divisor = common_divisor(f.above.units, f.below.units);
    if (divisor > 1) {
        f.above.units /= divisor;
        f.below.units /= divisor;
    }
    return f;
}

static int fraction_add(struct fraction x, struct fraction y, bool minus, struct fraction *out)
{
    struct decimal left, right, below = x.below;
    if (minus)
        y.above = decimal_negate(y.above);
    if (decimal_compare(x.below, y.below) == 0) {
        out->below = below;
        return decimal_add(x.above, y.above, &out->above);
    }
    if (decimal_mul(x.above, y.below, &left) != 0 || decimal_mul(y.above, x.below, &right) != 0
        || decimal_add(left, right, &left) != 0 || decimal_mul(x.below, y.below, &below) != 0)
        return -1;
    *out = reduced((struct fraction){left, below});
    return 0;
}

static int fraction_mul(struct fraction x, struct fraction y, struct fraction *out)
{
    struct fraction product;
    bool whole = decimal_compare(x.below, one) == 0 && decimal_compare(y.below, one) == 0;
    if (decimal_mul(x.above, y.above, &product.above) != 0
        || decimal_mul(x.below, y.below, &product.below) != 0)
        return -1;
    *out = whole ? product : reduced(product);
    return 0;
}

static int fraction_compare(struct fraction x, struct fraction y, int *out)
{
    struct decimal left, right;
    if (decimal_mul(x.above, y.below, &left) != 0 || decimal_mul(y.above, x.below, &right) != 0)
        return -1;
    *out = decimal_compare(left, right);
    return 0;
}

static int divide(const struct walk *w, struct fraction x, struct fraction y, struct fraction *out)
{
    if (decimal_is_zero(y.above))
        return refuse(w, "expr.zero", "division by zero");
    if (!w->exact) {
        struct decimal quotient;
        if (decimal_div(x.above, y.above, EXPR_DIV_PLACES, ROUND_HALF_UP, &quotient) != 0)
            return out_of_range(w);
        *out = (struct fraction){decimal_trim(quotient, 0), one};
        return 0;
    }
    if (y.above.units < 0) {
        y.above = decimal_negate(y.above);
        x.above = decimal_negate(x.above);
    }
    if (fraction_mul(x, (struct fraction){y.below, y.above}, out) != 0)
        return out_of_range(w);
    return 0;
}

static bool is_blank(const json_t *value)
{
    const char *text = json_string_value(value);
    return !value || json_is_null(value) || (text && fold_is_blank(text));
}

static int named(const struct walk *w, const struct path *path, struct decimal *out)
{
    bool setting = w->root && strncmp(path_text(path), "settings.", 9) == 0;
    const json_t *value = path_get(path, setting ? w->root : w->record);
    char what[200];
    if (is_blank(value)) {
        *out = DECIMAL_ZERO;
        if (w->flags & EXPR_MISSING_ZERO)
            return 0;
        snprintf(what, sizeof what, "\"%s\" has no value", path_text(path));
        return refuse(w, "expr.missing", what);
    }
    if (json_is_integer(value))
        return decimal_from_int(json_integer_value(value), 0, out);
    const char *text = json_string_value(value);
    if (text && decimal_parse(text, out) == 0)
        return 0;
    if (!text)
        text = "a list, object, boolean or real";
    snprintf(what, sizeof what, "\"%s\" is \"%.*s\", which is no number", path_text(path),
             CUT(text, 60));
    return refuse(w, "expr.value", what);
}

static int walk_node(const struct walk *w, int index, struct fraction *out);

static int rounded(const struct walk *w, const struct node *n, struct fraction *out)
{
    struct walk inside = *w;
    struct fraction x;
    inside.exact = true;
    if (walk_node(&inside, n->a, &x) != 0)
        return -1;
    if (decimal_div(x.above, x.below, n->b, ROUND_HALF_UP, &out->above) != 0)
        return out_of_range(w);
    out->below = one;
    return 0;
}

static int compared(const struct walk *w, const struct node *n, struct fraction *out)
{
    struct walk inside = *w;
    struct fraction x, y;
    int order = 0;
    inside.exact = true;
    if (walk_node(&inside, n->a, &x) != 0 || walk_node(&inside, n->b, &y) != 0)
        return -1;
    if (fraction_compare(x, y, &order) != 0)
        return out_of_range(w);
    bool holds = n->type == NODE_LESS         ? order < 0
                 : n->type == NODE_LESS_EQUAL ? order <= 0
                 : n->type == NODE_MORE       ? order > 0
                 : n->type == NODE_MORE_EQUAL ? order >= 0
                 : n->type == NODE_EQUAL      ? order == 0
                                              : order != 0;
    *out = (struct fraction){{holds, 0}, one};
    return 0;
}

static int combined(const struct walk *w, const struct node *n, struct fraction *out)
{
    struct fraction x, y;
    int order = 0, rc;
    if (walk_node(w, n->a, &x) != 0 || walk_node(w, n->b, &y) != 0)
        return -1;
    switch (n->type) {
    case NODE_DIV:
        return divide(w, x, y, out);
    case NODE_MUL:
        rc = fraction_mul(x, y, out);
        break;
    case NODE_MIN:
    case NODE_MAX:
        rc = fraction_compare(x, y, &order);
        if (rc == 0)
            *out = (n->type == NODE_MIN) == (order <= 0) ? x : y;
        break;
    default:
        rc = fraction_add(x, y, n->type == NODE_SUB, out);
        break;
    }
    return rc == 0 ? 0 : out_of_range(w);
}

static int walk_node(const struct walk *w, int index, struct fraction *out)
{
    const struct node *n = &w->e->nodes[index];
    out->below = one;
    switch (n->type) {
    case NODE_NUMBER:
        out->above = n->number;
        return 0;
    case NODE_NAME:
        return named(w, n->path, &out->above);
    case NODE_NEGATE:
        if (walk_node(w, n->a, out) != 0)
            return -1;
        out->above = decimal_negate(out->above);
        return 0;
    case NODE_ROUND:
        return rounded(w, n, out);
    default:
        return n->type >= NODE_LESS ? compared(w, n, out) : combined(w, n, out);
    }
}

int expr_eval(const struct expr *e, const json_t *record, const json_t *root, unsigned flags,
              struct decimal *out, struct koppel_error *err)
{
    struct walk w = {.e = e, .record = record, .root = root, .flags = flags, .err = err};
    struct fraction result;
    if (walk_node(&w, e->root, &result) != 0)
        return -1;
    *out = result.above;
    return 0;
}
