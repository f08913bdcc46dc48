/* SPDX-License-Identifier: MIT
 * Expressions: recursive descent into an array of nodes. */
#include "base/expr_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/expr_node.h"

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

/* The comparison at *at, which moves behind it; -1: there is none. */
static int comparison_at(const char **at)
{
    static const struct { const char *sign; enum node_type type; } signs[] = {
        {"<=", NODE_LESS_EQUAL}, {">=", NODE_MORE_EQUAL}, {"==", NODE_EQUAL},
        {"!=", NODE_UNEQUAL},    {"<", NODE_LESS},        {">", NODE_MORE},  {"=", NODE_EQUAL}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = strlen(signs[i].sign);
        if (strncmp(*at, signs[i].sign, n) == 0) {
            *at += n;
            return (int)signs[i].type;
        }
    }
    return -1;
}

/* The whole: a sum, or a comparison of two. */
static int parse_whole(struct parser *p)
{
    int node = parse_sum(p);
    skip_blanks(p);
    int type = node < 0 ? -1 : comparison_at(&p->at);
    if (type >= 0) {
        int second = parse_sum(p);
        node = second < 0 ? -1 : new_node(p, (enum node_type)type, node, second);
        skip_blanks(p);
        const char *start = p->at;
        if (node >= 0 && comparison_at(&p->at) >= 0)
            return bad(p, start, "only one comparison can stand in an expression");
    }
    if (node >= 0 && next(p))
        return bad(p, p->at, "expected an operator");
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
    e->root = parse_whole(&p);
    if (e->root < 0) {
        expr_free(e);
        return NULL;
    }
    return e;
}
