/* SPDX-License-Identifier: MIT
 * An expression as a tree in an array: children always stand before their parent. For expr_parse.c,
 * which makes it, and expr.c, which walks it. */
#ifndef KOPPEL_BASE_EXPR_NODE_H
#define KOPPEL_BASE_EXPR_NODE_H

#include "base/expr.h"

enum node_type { NODE_NUMBER, NODE_NAME, NODE_NEGATE, NODE_ADD, NODE_SUB, NODE_MUL, NODE_DIV,
                 NODE_MIN, NODE_MAX, NODE_ROUND, NODE_LESS, NODE_LESS_EQUAL, NODE_MORE,
                 NODE_MORE_EQUAL, NODE_EQUAL, NODE_UNEQUAL };

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

#endif
