/* SPDX-License-Identifier: MIT
 * Exact arithmetic for mappings; the host calculates. Nothing in, nothing out. */
#include <jansson.h>
#include <stdio.h>

#include "koppel/plugin.h"
#include "number_catalogue.h"

enum function { ADD, MULTIPLY, PERCENT, ROUND, NEGATE, ABS, SIGN_FLIP, FUNCTIONS };

struct call {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    const char *value;
    const char *arg; /* NULL where there is none */
    struct koppel_error *err;
};

static int calculate(const struct call *c, uint32_t operation, const char *a, const char *b,
                     int32_t places, char *out)
{
    return c->host->decimal(c->ctx, operation, a, b, places, KOPPEL_ROUND_HALF_UP, out, c->err);
}

static int negate(const struct call *c, char *out)
{
    return calculate(c, KOPPEL_DECIMAL_SUB, "0", c->value, -1, out);
}

static int percent(const struct call *c, char *out)
{
    char factor[KOPPEL_DECIMAL_TEXT];

    if (calculate(c, KOPPEL_DECIMAL_MUL, c->arg, "0.01", -1, factor) < 0 ||
        calculate(c, KOPPEL_DECIMAL_ADD, factor, "1", -1, factor) < 0)
        return -1;
    return calculate(c, KOPPEL_DECIMAL_MUL, c->value, factor, -1, out);
}

static int round_to(const struct call *c, char *out)
{
    const char *p = c->arg;
    int32_t places = 0;

    for (; *p >= '0' && *p <= '9' && places <= 18; p++)
        places = places * 10 + (*p - '0');
    if (p == c->arg || *p || places > 18)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "round: \"%s\" is no number of places from 0 "
                             "to 18", c->arg);
    return calculate(c, KOPPEL_DECIMAL_ROUND, c->value, NULL, places, out);
}

static int absolute(const struct call *c, char *out)
{
    char order[KOPPEL_DECIMAL_TEXT];

    if (calculate(c, KOPPEL_DECIMAL_COMPARE, c->value, "0", -1, order) < 0)
        return -1;
    if (order[0] == '-')
        return negate(c, out);
    return calculate(c, KOPPEL_DECIMAL_ADD, c->value, "0", -1, out);
}

static int apply(const struct call *c, uint32_t function, char *out)
{
    if (function <= ROUND && !c->arg)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "the argument is missing");
    switch (function) {
    case ADD: return calculate(c, KOPPEL_DECIMAL_ADD, c->value, c->arg, -1, out);
    case MULTIPLY: return calculate(c, KOPPEL_DECIMAL_MUL, c->value, c->arg, -1, out);
    case PERCENT: return percent(c, out);
    case ROUND: return round_to(c, out);
    case ABS: return absolute(c, out);
    default: return negate(c, out);
    }
}

static int convert(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   json_t *value, json_t *args, json_t **out, struct koppel_error *err)
{
    struct call c = {host, ctx, json_string_value(value),
                     json_string_value(json_array_get(args, 0)), err};
    char whole[24], result[KOPPEL_DECIMAL_TEXT];

    if (function >= FUNCTIONS)
        return host->fail(err, KOPPEL_E_BUG, "no function number %u", (unsigned)function);
    if (!value || json_is_null(value)) {
        *out = json_null();
        return 0;
    }
    if (json_is_integer(value)) {
        snprintf(whole, sizeof whole, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        c.value = whole;
    }
    if (!c.value)
        return host->fail(err, KOPPEL_E_REJECTED, "the value is no number");
    if (apply(&c, function, result) < 0)
        return -1;
    *out = json_string(result);
    return *out ? 0 : host->fail(err, KOPPEL_E_BUG, "out of memory");
}

static const struct koppel_transform transform = {
    .struct_size = sizeof transform,
    .convert = convert,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_TRANSFORM,
    .threads = KOPPEL_THREADS_PARALLEL,
    .name = "number",
    .version = "0.1.0",
    .catalogue = catalogue_text,
    .transform = &transform,
};

KOPPEL_REGISTER_PLUGIN(plugin);
