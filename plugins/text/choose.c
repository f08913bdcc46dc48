/* SPDX-License-Identifier: MIT
 * Choices by what a value is. */
#include "choose.h"

#include <stdbool.h>

#include "base/fold.h"

static bool has_value(const struct koppel_call *c)
{
    if (c->text)
        return !fold_is_blank(c->text);
    if (json_is_array(c->value))
        return json_array_size(c->value) > 0;
    if (json_is_object(c->value))
        return json_object_size(c->value) > 0;
    return c->value && !json_is_null(c->value);
}

int choose_default(const struct koppel_call *c, json_t **out)
{
    json_t *kept = has_value(c) ? json_incref(c->value) : json_string(koppel_call_arg(c, 0));

    return koppel_call_give(c, kept, out);
}

int choose_if_blank_null(const struct koppel_call *c, json_t **out)
{
    bool blank = fold_is_blank(c->text);
    return koppel_call_give(c, blank ? json_null() : json_string(c->text), out);
}

/* The second argument or the third; without that the value itself. */
static int choice(const struct koppel_call *c, bool holds, json_t **out)
{
    if (holds || koppel_call_arg(c, 2))
        return koppel_call_give(c, json_string(koppel_call_arg(c, holds ? 1 : 2)), out);
    return koppel_call_give(c, c->value ? json_incref(c->value) : json_null(), out);
}

int choose_equals(const struct koppel_call *c, json_t **out)
{
    return choice(c, c->text && strcmp(c->text, koppel_call_arg(c, 0)) == 0, out);
}

int choose_contains(const struct koppel_call *c, json_t **out)
{
    return choice(c, c->text && strstr(c->text, koppel_call_arg(c, 0)), out);
}

int choose_starts_with(const struct koppel_call *c, json_t **out)
{
    const char *start = koppel_call_arg(c, 0);
    return choice(c, c->text && strncmp(c->text, start, strlen(start)) == 0, out);
}

int choose_ends_with(const struct koppel_call *c, json_t **out)
{
    const char *end = koppel_call_arg(c, 0);
    size_t n = strlen(end), all = c->text ? strlen(c->text) : 0;
    return choice(c, c->text && all >= n && strcmp(c->text + all - n, end) == 0, out);
}

int choose_has_value(const struct koppel_call *c, json_t **out)
{
    return koppel_call_give(c, json_string(koppel_call_arg(c, has_value(c) ? 0 : 1)), out);
}
