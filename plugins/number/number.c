/* SPDX-License-Identifier: MIT
 * Exact arithmetic for mappings; the host calculates. Nothing in, nothing out. */
#include <jansson.h>
#include <stdio.h>

#include "koppel/sdk.h"
#include "number_catalogue.h"

enum function { ADD, MULTIPLY, PERCENT, ROUND, NEGATE, ABS, FUNCTIONS };

/* A value, an argument and what they came with. */
struct sum {
    const struct koppel_call *call;
    const char *value;
    const char *arg; /* NULL where there is none */
};

static int calculate(const struct sum *s, uint32_t operation, const char *a, const char *b,
                     int32_t places, char *out)
{
    const struct koppel_call *c = s->call;

    return c->host->decimal(c->ctx, operation, a, b, places, KOPPEL_ROUND_HALF_UP, out, c->err);
}

static int negate(const struct sum *s, char *out)
{
    return calculate(s, KOPPEL_DECIMAL_SUB, "0", s->value, -1, out);
}

static int percent(const struct sum *s, char *out)
{
    char factor[KOPPEL_DECIMAL_TEXT];

    if (calculate(s, KOPPEL_DECIMAL_MUL, s->arg, "0.01", -1, factor) < 0 ||
        calculate(s, KOPPEL_DECIMAL_ADD, factor, "1", -1, factor) < 0)
        return -1;
    return calculate(s, KOPPEL_DECIMAL_MUL, s->value, factor, -1, out);
}

static int round_to(const struct sum *s, char *out)
{
    int32_t places = (int32_t)koppel_call_int(s->call, 0);

    return calculate(s, KOPPEL_DECIMAL_ROUND, s->value, NULL, places, out);
}

static int absolute(const struct sum *s, char *out)
{
    char order[KOPPEL_DECIMAL_TEXT];

    if (calculate(s, KOPPEL_DECIMAL_COMPARE, s->value, "0", -1, order) < 0)
        return -1;
    if (order[0] == '-')
        return negate(s, out);
    return calculate(s, KOPPEL_DECIMAL_ADD, s->value, "0", -1, out);
}

static int operate(const struct sum *s, uint32_t function, char *out)
{
    switch (function) {
    case ADD: return calculate(s, KOPPEL_DECIMAL_ADD, s->value, s->arg, -1, out);
    case MULTIPLY: return calculate(s, KOPPEL_DECIMAL_MUL, s->value, s->arg, -1, out);
    case PERCENT: return percent(s, out);
    case ROUND: return round_to(s, out);
    case ABS: return absolute(s, out);
    default: return negate(s, out);
    }
}

static int apply(const struct koppel_call *c, json_t **out)
{
    struct sum sum = {c, c->text, koppel_call_arg(c, 0)};
    char whole[24], result[KOPPEL_DECIMAL_TEXT];

    if (!c->value || (c->text && !*c->text))
        return koppel_call_give(c, json_null(), out);
    if (json_is_integer(c->value)) {
        snprintf(whole, sizeof whole, "%" JSON_INTEGER_FORMAT, json_integer_value(c->value));
        sum.value = whole;
    }
    if (!sum.value)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no number");
    if (operate(&sum, c->function, result) < 0)
        return -1;
    return koppel_call_give(c, json_string(result), out);
}

KOPPEL_REGISTER_TRANSFORM("number", "0.1.0", catalogue_text, FUNCTIONS, apply);
