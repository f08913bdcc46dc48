/* SPDX-License-Identifier: MIT
 * Amounts of a mapping with and without VAT. Those of one percentage are converted together. */
#include "lines.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fold.h"

struct line {
    size_t index; /* in the list */
    struct decimal rate, in, out;
    bool done;
};

/* Those of the list that have an amount. */
struct lines {
    const struct koppel_call *c;
    int count;
    struct line *all;
};

static bool is_nothing(const json_t *value)
{
    const char *text = json_string_value(value);
    return !value || json_is_null(value) || (text && fold_is_blank(text));
}

static bool read_decimal(const json_t *value, struct decimal *out)
{
    if (json_is_integer(value))
        return decimal_from_int((int64_t)json_integer_value(value), 0, out) == 0;
    const char *text = json_string_value(value);
    return text && decimal_parse(text, out) == 0;
}

static json_t *decimal_json(struct decimal d)
{
    char text[DECIMAL_TEXT_BYTES];
    decimal_format(d, text);
    return json_string(text);
}

static int no_memory(const struct koppel_call *c)
{
    return c->host->fail(c->err, KOPPEL_E_RETRY, "out of memory");
}

static int no_decimal(const struct koppel_call *c, size_t index, const char *what)
{
    return c->host->fail(c->err, KOPPEL_E_REJECTED, "line %zu: %s is no decimal", index + 1, what);
}

/* -1: amount or rate is no decimal. No amount: no line. */
static int add(struct lines *l, size_t index, const json_t *amount, const json_t *rate,
               const char *const names[2])
{
    struct line *line = &l->all[l->count];
    if (is_nothing(amount))
        return 0;
    line->index = index;
    if (!read_decimal(amount, &line->in))
        return no_decimal(l->c, index, names[0]);
    if (!read_decimal(rate, &line->rate))
        return no_decimal(l->c, index, names[1]);
    l->count++;
    return 0;
}

/* ---- groups ---- */

/* Converts the lines that have the rate of the first one. in and out: room for all lines. */
static enum amounts_outcome convert_group(struct lines *l, int first, enum amounts_way way,
                                          int places, struct decimal *in, struct decimal *out)
{
    struct decimal rate = l->all[first].rate;
    int n = 0;
    for (int i = first; i < l->count; i++) {
        if (decimal_compare(l->all[i].rate, rate) == 0)
            in[n++] = l->all[i].in;
    }
    enum amounts_outcome outcome = amounts_convert(way, rate, places, in, n, out);
    n = 0;
    for (int i = first; outcome == AMOUNTS_OK && i < l->count; i++) {
        if (decimal_compare(l->all[i].rate, rate) == 0) {
            l->all[i].out = out[n++];
            l->all[i].done = true;
        }
    }
    return outcome;
}

static int convert(struct lines *l, enum amounts_way way, int places)
{
    const struct koppel_call *c = l->c;
    struct decimal *room = calloc((size_t)l->count * 2 + 1, sizeof *room);
    enum amounts_outcome outcome = room ? AMOUNTS_OK : AMOUNTS_NO_MEMORY;
    for (int i = 0; i < l->count && outcome == AMOUNTS_OK; i++) {
        if (!l->all[i].done)
            outcome = convert_group(l, i, way, places, room, room + l->count);
    }
    free(room);
    switch (outcome) {
    case AMOUNTS_OK: return 0;
    case AMOUNTS_RATE:
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "a VAT percentage is -100 or less");
    case AMOUNTS_TOO_LARGE:
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "an amount is too large");
    default: return no_memory(c);
    }
}

/* ---- one percentage ---- */

/* value is an amount or a list of them. */
static json_t *with_amounts(const struct lines *l, const json_t *value)
{
    if (!json_is_array(value))
        return l->count ? decimal_json(l->all[0].out) : json_null();
    json_t *made = json_copy((json_t *)value);
    for (int i = 0; made && i < l->count; i++)
        json_array_set_new(made, l->all[i].index, decimal_json(l->all[i].out));
    return made;
}

int lines_of_rate(const struct koppel_call *c, enum amounts_way way, json_t **out)
{
    static const char *const names[] = {"the amount", "the percentage"};
    const json_t *rate = json_array_get(c->args, 0);
    size_t count = json_is_array(c->value) ? json_array_size(c->value) : 1;
    struct lines l = {c, 0, calloc(count + 1, sizeof(struct line))};
    int rc = l.all ? 0 : no_memory(c);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const json_t *one = json_is_array(c->value) ? json_array_get(c->value, i) : c->value;
        rc = add(&l, i, one, rate, names);
    }
    if (rc == 0)
        rc = convert(&l, way, (int)koppel_call_int(c, 1));
    json_t *made = rc == 0 ? with_amounts(&l, c->value) : NULL;
    free(l.all);
    return rc == 0 ? koppel_call_give(c, made, out) : rc;
}

/* ---- percentages of their own ---- */

/* Copies what it changes; the value is borrowed. */
static json_t *with_members(const struct lines *l, const json_t *value, const char *into)
{
    json_t *made = json_copy((json_t *)value);
    for (int i = 0; made && i < l->count; i++) {
        json_t *line = json_copy(json_array_get(value, l->all[i].index));
        json_object_set_new(line, into, decimal_json(l->all[i].out));
        json_array_set_new(made, l->all[i].index, line);
    }
    return made;
}

int lines_of_rates(const struct koppel_call *c, enum amounts_way way, json_t **out)
{
    const char *const names[] = {koppel_call_arg(c, 0), koppel_call_arg(c, 1)};
    struct lines l = {c, 0, calloc(json_array_size(c->value) + 1, sizeof(struct line))};
    int rc = l.all ? 0 : no_memory(c);
    const json_t *one;
    size_t i;
    json_array_foreach(c->value, i, one) {
        if (rc == 0)
            rc = add(&l, i, json_object_get(one, names[0]), json_object_get(one, names[1]), names);
    }
    if (rc == 0)
        rc = convert(&l, way, (int)koppel_call_int(c, 3));
    json_t *made = rc == 0 ? with_members(&l, c->value, koppel_call_arg(c, 2)) : NULL;
    free(l.all);
    return rc == 0 ? koppel_call_give(c, made, out) : rc;
}
