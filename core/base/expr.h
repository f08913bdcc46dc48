/* SPDX-License-Identifier: MIT
 * Exact decimal expressions over a record's members: `max(0, physical - reserved)`, `price * 1.05`.
 *
 * At most one comparison, of two whole sides: `price < purchase_price`, with < <= > >= = (or ==)
 * and !=. It gives 1 or 0, and both sides are calculated as inside round(), so that nothing is
 * rounded before it is compared.
 *
 * + - * / and unary minus, parentheses, min(a, b), max(a, b), round(x, places), decimal literals
 * and names, which are paths without [] (`customer.discount`, `levels[0].physical`; a name with a
 * '-' in it cannot be written). Every operation is exact but division, which rounds half up at 6
 * places; what stands inside round() is calculated as a fraction and rounded once, half up.
 *
 * Parsed once when the configuration is loaded, evaluated for every record; an expression is
 * read-only after expr_parse and may be used by many threads. */
#ifndef KOPPEL_BASE_EXPR_H
#define KOPPEL_BASE_EXPR_H

#include <jansson.h>
#include <stdbool.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/path.h"

#define EXPR_TEXT_BYTES 1024 /* longest expression */
#define EXPR_NODE_LIMIT 256
#define EXPR_DEPTH_LIMIT 32 /* parentheses, functions and minus signs inside one another */
#define EXPR_DIV_PLACES 6

struct expr;

void expr_free(struct expr *e);
const char *expr_text(const struct expr *e); /* as it was written */
bool expr_compares(const struct expr *e);    /* is it a comparison? */
/* The paths that it names, in order, repeated where it repeats them; NULL behind the last. */
const struct path *expr_path(const struct expr *e, int index);

#define EXPR_MISSING_ZERO 1u /* a name without a value counts as 0 */

/* record: an object; root (may be NULL): the whole that it is part of, of which "settings.NAME" is
 * read. A value is a decimal as text or a JSON integer; blank text and null are no
 * value. KOPPEL_E_REJECTED with reason "expr.missing", "expr.value" (no number), "expr.zero"
 * (division by zero) or "expr.range" (too large or too precise) otherwise, naming the thing. */
int expr_eval(const struct expr *e, const json_t *record, const json_t *root, unsigned flags,
              struct decimal *out, struct koppel_error *err);

#endif
