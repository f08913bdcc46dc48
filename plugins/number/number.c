/* SPDX-License-Identifier: MIT
 * Exact arithmetic for mappings; the host calculates. Nothing in, nothing out: an empty list is
 * nothing too, and an element that is no number is an error, never zero. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/cut.h"
#include "base/fold.h"
#include "koppel/sdk.h"
#include "number_catalogue.h"
#include "written.h"

/* A call with its value as text. */
struct sum {
    const struct koppel_call *call;
    const char *value; /* NULL: a list */
};

static const char *arg(const struct sum *s, size_t index)
{
    return koppel_call_arg(s->call, index);
}

static bool has_arg(const struct sum *s, size_t index)
{
    return !json_is_null(json_array_get(s->call->args, index));
}

static int rounded(const struct sum *s, uint32_t operation, const char *a, const char *b,
                   int32_t places, uint32_t rounding, char *out)
{
    const struct koppel_call *c = s->call;

    return c->host->decimal(c->ctx, operation, a, b, places, rounding, out, c->err);
}

static int calculate(const struct sum *s, uint32_t operation, const char *a, const char *b,
                     char *out)
{
    return rounded(s, operation, a, b, -1, KOPPEL_ROUND_HALF_UP, out);
}

/* The rounding that an argument names. */
static uint32_t rounding_of(const struct sum *s, size_t index)
{
    static const char *const names[] = {
        [KOPPEL_ROUND_HALF_UP] = "half-up", [KOPPEL_ROUND_HALF_EVEN] = "half-even",
        [KOPPEL_ROUND_UP] = "up",           [KOPPEL_ROUND_DOWN] = "down",
        [KOPPEL_ROUND_CEILING] = "ceiling", [KOPPEL_ROUND_FLOOR] = "floor"};
    uint32_t i = KOPPEL_ROUND_FLOOR;
    while (i > 0 && strcmp(names[i], arg(s, index)) != 0)
        i--;
    return i;
}

/* ---- functions of one number: the result as text ---- */

static int add(const struct sum *s, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_ADD, s->value, arg(s, 0), out);
}

static int subtract(const struct sum *s, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_SUB, s->value, arg(s, 0), out);
}

static int multiply(const struct sum *s, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_MUL, s->value, arg(s, 0), out);
}

static int divide(const struct sum *s, char *out)
{
    return rounded(s, KOPPEL_DECIMAL_DIV, s->value, arg(s, 0),
                   (int32_t)koppel_call_int(s->call, 1), rounding_of(s, 2), out);
}

static int percent_of(const struct sum *s, char *out)
{
    char factor[KOPPEL_DECIMAL_TEXT];

    if (calculate(s, KOPPEL_DECIMAL_MUL, arg(s, 0), "0.01", factor) < 0)
        return -1;
    return calculate(s, KOPPEL_DECIMAL_MUL, s->value, factor, out);
}

static int percent(const struct sum *s, char *out)
{
    char part[KOPPEL_DECIMAL_TEXT];

    if (percent_of(s, part) < 0)
        return -1;
    return calculate(s, KOPPEL_DECIMAL_ADD, s->value, part, out);
}

static int round_to_places(const struct sum *s, char *out)
{
    return rounded(s, KOPPEL_DECIMAL_ROUND, s->value, NULL, (int32_t)koppel_call_int(s->call, 0),
                   rounding_of(s, 1), out);
}

static int round_to_step(const struct sum *s, char *out)
{
    char steps[KOPPEL_DECIMAL_TEXT];

    if (rounded(s, KOPPEL_DECIMAL_DIV, s->value, arg(s, 0), 0, rounding_of(s, 1), steps) < 0)
        return -1;
    return calculate(s, KOPPEL_DECIMAL_MUL, steps, arg(s, 0), out);
}

static int negate(const struct sum *s, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_SUB, "0", s->value, out);
}

static int absolute(const struct sum *s, char *out)
{
    char order[KOPPEL_DECIMAL_TEXT];

    if (calculate(s, KOPPEL_DECIMAL_COMPARE, s->value, "0", order) < 0)
        return -1;
    if (order[0] == '-')
        return negate(s, out);
    return calculate(s, KOPPEL_DECIMAL_ADD, s->value, "0", out);
}

static int from_cents(const struct sum *s, char *out)
{
    int64_t units;

    if (koppel_parse_int(s->value, &units) < 0)
        return s->call->host->fail(s->call->err, KOPPEL_E_REJECTED,
                                   "\"%.*s\" is no whole number of 64 bits", CUT(s->value, 60));
    return koppel_decimal_text(units, (int)koppel_call_int(s->call, 0), out) < 0 ? -1 : 0;
}

static int parse(const struct sum *s, char *out)
{
    char digits[WRITTEN_BYTES], why[WRITTEN_WHY_BYTES];

    if (written_parse(s->value, arg(s, 0), digits, why) < 0)
        return s->call->host->fail(s->call->err, KOPPEL_E_REJECTED, "\"%.*s\" is no number: %s",
                                   CUT(s->value, 60), why);
    return calculate(s, KOPPEL_DECIMAL_ADD, digits, "0", out);
}

/* ---- functions of a number or a list of them ---- */

/* What becomes of the result so far and one number more. */
typedef int step_fn(const struct sum *s, const char *so_far, const char *next, char *out);

static int step_add(const struct sum *s, const char *so_far, const char *next, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_ADD, so_far, next, out);
}

static int pick(const struct sum *s, const char *so_far, const char *next, char wanted, char *out)
{
    char order[KOPPEL_DECIMAL_TEXT];

    if (calculate(s, KOPPEL_DECIMAL_COMPARE, next, so_far, order) < 0)
        return -1;
    return calculate(s, KOPPEL_DECIMAL_ADD, order[0] == wanted ? next : so_far, "0", out);
}

static int step_min(const struct sum *s, const char *so_far, const char *next, char *out)
{
    return pick(s, so_far, next, '-', out);
}

static int step_max(const struct sum *s, const char *so_far, const char *next, char *out)
{
    return pick(s, so_far, next, '1', out);
}

#define WHOLE_BYTES 24 /* of a whole number as text */

/* NULL: it is none. */
static const char *number_text(const json_t *value, char whole[WHOLE_BYTES])
{
    if (!json_is_integer(value))
        return json_string_value(value);
    snprintf(whole, WHOLE_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return whole;
}

/* Over the value or its elements, then the argument where there is one. */
static int over_all(const struct sum *s, step_fn *step, char *out)
{
    const struct koppel_call *c = s->call;
    char so_far[KOPPEL_DECIMAL_TEXT], whole[WHOLE_BYTES];
    size_t count = s->value ? 1 : json_array_size(c->value);
    for (size_t i = 0; i < count; i++) {
        const char *next = s->value ? s->value
                                    : number_text(json_array_get(c->value, i), whole);
        if (!next)
            return c->host->fail(c->err, KOPPEL_E_REJECTED, "element %zu is no number", i + 1);
        int rc = i ? step(s, so_far, next, out) : calculate(s, KOPPEL_DECIMAL_ADD, next, "0", out);
        if (rc < 0)
            return -1;
        memcpy(so_far, out, sizeof so_far);
    }
    return has_arg(s, 0) ? step(s, so_far, arg(s, 0), out) : 0;
}

static int sum_all(const struct sum *s, char *out)
{
    return over_all(s, step_add, out);
}

static int smallest(const struct sum *s, char *out)
{
    return over_all(s, step_min, out);
}

static int largest(const struct sum *s, char *out)
{
    return over_all(s, step_max, out);
}

/* ---- functions that give something else ---- */

static int to_cents(const struct sum *s, json_t **out)
{
    const struct koppel_call *c = s->call;
    int places = (int)koppel_call_int(c, 0);
    char sound[KOPPEL_DECIMAL_TEXT];
    int64_t units;

    if (calculate(s, KOPPEL_DECIMAL_ADD, s->value, "0", sound) < 0)
        return -1;
    if (koppel_decimal_units(sound, places, &units) < 0)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "%s has more than %d digits behind the point, or is too large", sound,
                             places);
    return koppel_call_give(c, json_integer(units), out);
}

static int format(const struct sum *s, json_t **out)
{
    char digits[KOPPEL_DECIMAL_TEXT], written[WRITTEN_BYTES];
    bool grouped = json_is_true(json_array_get(s->call->args, 2));
    int rc = has_arg(s, 1)
                 ? rounded(s, KOPPEL_DECIMAL_ROUND, s->value, NULL,
                           (int32_t)koppel_call_int(s->call, 1), KOPPEL_ROUND_HALF_UP, digits)
                 : calculate(s, KOPPEL_DECIMAL_ADD, s->value, "0", digits);

    if (rc < 0)
        return -1;
    written_format(digits, arg(s, 0), grouped, written);
    return koppel_call_give(s->call, json_string(written), out);
}

/* In the order of the catalogue; one of number and give. */
static const struct {
    int (*number)(const struct sum *s, char *out);
    int (*give)(const struct sum *s, json_t **out);
    bool lists;   /* takes lists too */
    bool divides; /* by the first argument */
} functions[] = {
    {add, NULL, false, false},
    {subtract, NULL, false, false},
    {multiply, NULL, false, false},
    {divide, NULL, false, true},
    {percent, NULL, false, false},
    {percent_of, NULL, false, false},
    {round_to_places, NULL, false, false},
    {round_to_step, NULL, false, true},
    {negate, NULL, false, false},
    {absolute, NULL, false, false},
    {smallest, NULL, true, false},
    {largest, NULL, true, false},
    {sum_all, NULL, true, false},
    {NULL, to_cents, false, false},
    {from_cents, NULL, false, false},
    {NULL, format, false, false},
    {parse, NULL, false, false},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static int apply(const struct koppel_call *c, json_t **out)
{
    char whole[WHOLE_BYTES], result[KOPPEL_DECIMAL_TEXT];
    struct sum sum = {c, number_text(c->value, whole)};
    bool list = functions[c->function].lists && json_is_array(c->value);

    if (!c->value || (c->text && fold_is_blank(c->text)) ||
        (list && json_array_size(c->value) == 0))
        return koppel_call_give(c, json_null(), out);
    if (!sum.value && !list)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no number");
    if (functions[c->function].give)
        return functions[c->function].give(&sum, out);
    if (functions[c->function].number(&sum, result) < 0)
        return -1;
    return koppel_call_give(c, json_string(result), out);
}

static int prepare(const struct koppel_call *c, void **out)
{
    struct sum sum = {c, NULL};
    char order[KOPPEL_DECIMAL_TEXT];

    *out = NULL;
    if (!functions[c->function].divides)
        return 0;
    if (calculate(&sum, KOPPEL_DECIMAL_COMPARE, arg(&sum, 0), "0", order) < 0)
        return -1;
    if (order[0] == '0')
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "nothing is divided by zero");
    return 0;
}

static void release(void *prepared)
{
    (void)prepared; /* prepare() makes nothing */
}

KOPPEL_REGISTER_PREPARED("number", "0.1.0", catalogue_text, FUNCTIONS, apply, prepare, release);
