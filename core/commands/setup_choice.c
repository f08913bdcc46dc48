/* SPDX-License-Identifier: MIT
 * Choices at a terminal. */
#include "commands/setup_choice.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/visible.h"
#include "commands/setup_print.h"

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

static bool has_word(const char *title, const char *part)
{
    char *a = fold_name(title), *b = fold_name(part);
    bool there = a && b && *b && strstr(a, b);
    free(a);
    free(b);
    return there;
}

/* Values that are numbers are typed as they are; others by their place. */
static bool by_place(const json_t *choices)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)choices, i, one) {
        const char *value = text(one, "value");
        if (!*value || value[strspn(value, "0123456789")])
            return true;
    }
    return false;
}

void setup_choice_list(const json_t *choices, const char *filter)
{
    size_t i;
    json_t *one;
    bool place = by_place(choices);
    json_array_foreach((json_t *)choices, i, one) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i + 1);
        if (!*filter || has_word(text(one, "title"), filter))
            visible_print(stdout, "    %6s  %s\n", place ? number : text(one, "value"),
                          text(one, "title"));
    }
}

const char *setup_choice_find(const char *language, const json_t *choices, const char *typed)
{
    size_t i, count = 0;
    json_t *one;
    const char *found = NULL;
    char *end;
    unsigned long place = strtoul(typed, &end, 10);
    if (by_place(choices) && *typed && !*end)
        return place > 0 ? json_string_value(json_object_get(
                               json_array_get(choices, place - 1), "value"))
                         : NULL;
    json_array_foreach((json_t *)choices, i, one) {
        if (strcmp(text(one, "value"), typed) == 0)
            return text(one, "value");
        if (has_word(text(one, "title"), typed)) {
            found = text(one, "value");
            count++;
        }
    }
    if (count == 1)
        return found;
    if (count > 1)
        setup_choice_list(choices, typed);
    else
        setup_print_words("ui.none", language);
    return NULL;
}
