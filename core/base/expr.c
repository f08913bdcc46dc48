/* SPDX-License-Identifier: MIT
 * Expressions: recursive descent into an array of nodes, then a walk over them. Children always
 * stand before their parent. */
#include "base/expr.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"

enum node_type { NODE_NUMBER, NODE_NAME, NODE_NEGATE, NODE_ADD, NODE_SUB, NODE_MUL, NODE_DIV,
                 NODE_MIN, NODE_MAX, NODE_ROUND };

struct node {
    enum node_type type;
    int a, b;              /* children; of ROUND, b is the number of places */
    struct decimal number; /* NODE_NUMBER */
    struct path *path;     /* NODE_NAME */
};

struct expr {
    char *text;
    int count;
    int root;
    struct node nodes[EXPR_NODE_LIMIT];
};

/* ---- parsing ---- */

struct parser {
    struct expr *e;
    const char *at;
    int depth;
    struct koppel_error *err;
};

static int bad(const struct parser *p, const char *at, const char *what)
{
    return err_set(p->err, KOPPEL_E_CONFIG, "expression \"%s\": column %d: %s", p->e->text,
                   (int)(at - p->e->text) + 1, what);
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t\r\n");
}

/* The character that comes next, behind blanks. */
static char next(struct parser *p)
{
    skip_blanks(p);
    return *p->at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The index of a new node, or -1. */
static int new_node(struct parser *p, enum node_type type, int a, int b)
{
    if (p->e->count == EXPR_NODE_LIMIT)
        return bad(p, p->at, "the expression is too long");
    p->e->nodes[p->e->count] = (struct node){.type = type, .a = a, .b = b};
    return p->e->count++;
}

static int parse_sum(struct parser *p);

static int expect(struct parser *p, char c)
{
    char what[] = "expected \"?\"";
    if (next(p) == c) {
        p->at++;
        return 0;
    }
    what[sizeof what - 3] = c;
    return bad(p, p->at, what);
}

static int parse_number(struct parser *p)
{
    char digits[DECIMAL_TEXT_BYTES];
    const char *start = p->at;
    size_t n = strspn(start, "0123456789.");
    int node = new_node(p, NODE_NUMBER, 0, 0);
    if (node < 0)
        return -1;
    if (n >= sizeof digits)
        return bad(p, start, "the number is too long");
    memcpy(digits, start, n);
    digits[n] = '\0';
    if (is_letter(start[n]))
        return bad(p, start + n, "expected an operator between the number and the name");
    if (decimal_parse(digits, &p->e->nodes[node].number) != 0)
        return bad(p, start, "this is no decimal number, such as 19.95");
    p->at += n;
    return node;
}

/* The bytes of a path at text: names, points and brackets. */
static size_t name_bytes(const char *text)
{
    size_t n = 0;
    while (is_letter(text[n]) || is_digit(text[n]) || (text[n] && strchr(".[]", text[n])))
        n++;
    return n;
}

static int parse_name(struct parser *p, size_t n)
{
    const char *start = p->at;
    struct koppel_error why = {0};
    int node = new_node(p, NODE_NAME, 0, 0);
    char *text = strndup(start, n);
    if (node < 0 || !text) {
        free(text);
        return node < 0 ? -1 : err_set(p->err, KOPPEL_E_BUG, "out of memory");
    }
    struct path *path = path_parse(text, &why);
    free(text);
    if (!path)
        return bad(p, start, why.text);
    p->e->nodes[node].path = path;
    if (path_is_plural(path))
        return bad(p, start, "a name stands for one value, so it cannot have a [] in it");
    p->at += n;
    return node;
}

/* round's second argument: it tells how to calculate the first, so it is a plain number. */
static int parse_places(struct parser *p)
{
    int places = 0;
    skip_blanks(p);
    const char *start = p->at;
    for (; is_digit(*p->at) && places <= DECIMAL_MAX_PLACES; p->at++)
        places = places * 10 + (*p->at - '0');
    if (p->at == start || places > DECIMAL_MAX_PLACES)
        return bad(p, start, "round() takes a number of places from 0 to 18");
    return places;
}

static int parse_function(struct parser *p, enum node_type type)
{
    int a = parse_sum(p), b;
    if (a < 0)
        return -1;
    if (next(p) != ',')
        return bad(p, p->at, "expected \",\" and a second argument");
    p->at++;
    b = type == NODE_ROUND ? parse_places(p) : parse_sum(p);
    if (b < 0 || expect(p, ')') < 0)
        return -1;
    return new_node(p, type, a, b);
}

static int parse_word(struct parser *p)
{
    static const struct { const char *name; enum node_type type; } functions[] = {
        {"min", NODE_MIN}, {"max", NODE_MAX}, {"round", NODE_ROUND}};
    size_t n = name_bytes(p->at), blanks = strspn(p->at + n, " \t\r\n");
    if (p->at[n + blanks] != '(')
        return parse_name(p, n);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strlen(functions[i].name) == n && strncmp(functions[i].name, p->at, n) == 0) {
            p->at += n + blanks + 1;
            return parse_function(p, functions[i].type);
        }
    }
    return bad(p, p->at, "there is no such function; known are min, max and round");
}

/* What an operator works on. */
static int parse_operand(struct parser *p)
{
    char c = next(p);
    int node;
    if (p->depth == EXPR_DEPTH_LIMIT)
        return bad(p, p->at, "nested too deep");
    p->depth++;
    if (c == '-') {
        p->at++;
        node = parse_operand(p);
        node = node < 0 ? -1 : new_node(p, NODE_NEGATE, node, 0);
    } else if (c == '(') {
        p->at++;
        node = parse_sum(p);
        if (node >= 0 && expect(p, ')') < 0)
            node = -1;
    } else if (is_digit(c)) {
        node = parse_number(p);
    } else if (is_letter(c)) {
        node = parse_word(p);
    } else {
        node = bad(p, p->at, "expected a number, a name or \"(\"");
    }
    p->depth--;
    return node;
}

static int parse_product(struct parser *p)
{
    int node = parse_operand(p);
    for (char c = next(p); node >= 0 && (c == '*' || c == '/'); c = next(p)) {
        p->at++;
        int second = parse_operand(p);
        node = second < 0 ? -1 : new_node(p, c == '*' ? NODE_MUL : NODE_DIV, node, second);
    }
    return node;
}

static int parse_sum(struct parser *p)
{
    int node = parse_product(p);
    for (char c = next(p); node >= 0 && (c == '+' || c == '-'); c = next(p)) {
        p->at++;
        int second = parse_product(p);
        node = second < 0 ? -1 : new_node(p, c == '+' ? NODE_ADD : NODE_SUB, node, second);
    }
    return node;
}

struct expr *expr_parse(const char *text, struct koppel_error *err)
{
    if (strlen(text) >= EXPR_TEXT_BYTES) {
        err_set(err, KOPPEL_E_CONFIG, "an expression has at most %d characters",
                EXPR_TEXT_BYTES - 1);
        return NULL;
    }
    struct expr *e = calloc(1, sizeof *e);
    if (e)
        e->text = strdup(text);
    if (!e || !e->text) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        expr_free(e);
        return NULL;
    }
    struct parser p = {.e = e, .at = e->text, .err = err};
    e->root = parse_sum(&p);
    if (e->root >= 0 && next(&p))
        e->root = bad(&p, p.at, "expected an operator");
    if (e->root < 0) {
        expr_free(e);
        return NULL;
    }
    return e;
}

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
    const json_t *record;
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
    const json_t *value = path_get(path, w->record);
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
        return combined(w, n, out);
    }
}

int expr_eval(const struct expr *e, const json_t *record, unsigned flags, struct decimal *out,
              struct koppel_error *err)
{
    struct walk w = {.e = e, .record = record, .flags = flags, .err = err};
    struct fraction result;
    if (walk_node(&w, e->root, &result) != 0)
        return -1;
    *out = result.above;
    return 0;
}
