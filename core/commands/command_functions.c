/* SPDX-License-Identifier: MIT
 * Functions as text: what they take, and examples as they are written in `via`. */
#include "commands/command_functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/visible.h"
#include "catalogue/catalogue_arg.h"

static void show_json(const json_t *value)
{
    char *text = json_text(value, false, NULL);
    visible_print(stdout, "%s", text ? text : "?");
    free(text);
}

static void show_arg(const struct cat_arg *a)
{
    char type[300];
    catalogue_arg_type(a, type, sizeof type);
    visible_print(stdout, "  %s (%s", a->name, type);
    if (a->required)
        visible_print(stdout, "; required");
    if (a->fallback) {
        visible_print(stdout, "; default ");
        show_json(a->fallback);
    }
    visible_print(stdout, ")%s%s\n", a->help[0] ? ": " : "", a->help);
}

/* Can it stand in "name:arg:arg"? */
static bool is_plain(const json_t *args)
{
    size_t i;
    json_t *arg;
    json_array_foreach(args, i, arg) {
        if (!json_is_string(arg) || strpbrk(json_string_value(arg), ":\"\\"))
            return false;
    }
    return true;
}

/* "round:2", or [ "parse", "HH:mm" ]. */
static void show_via(const char *name, const json_t *args)
{
    size_t i;
    json_t *arg;
    if (is_plain(args)) {
        visible_print(stdout, "\"%s", name);
        json_array_foreach(args, i, arg)
            visible_print(stdout, ":%s", json_string_value(arg));
        visible_print(stdout, "\"");
        return;
    }
    visible_print(stdout, "[ \"%s\"", name);
    json_array_foreach(args, i, arg) {
        visible_print(stdout, ", ");
        show_json(arg);
    }
    visible_print(stdout, " ]");
}

static void show_example(const char *name, const json_t *example)
{
    const char *error = json_string_value(json_object_get(example, "error"));
    const char *skip = json_string_value(json_object_get(example, "skip"));
    visible_print(stdout, "    ");
    show_json(json_object_get(example, "in"));
    visible_print(stdout, " via ");
    show_via(name, json_object_get(example, "args"));
    if (error || skip) {
        visible_print(stdout, " %s: %s\n", error ? "fails" : "is left out", error ? error : skip);
        return;
    }
    visible_print(stdout, " is ");
    show_json(json_object_get(example, "out"));
    putchar('\n');
}

void command_functions_show(const struct catalogue *c)
{
    for (int i = 0; i < c->function_count; i++) {
        const struct cat_function *f = &c->functions[i];
        visible_print(stdout, "function %s%s: %s\n", f->name, f->record ? " (of records)" : "",
                      f->help);
        for (int k = 0; k < f->arg_count; k++)
            show_arg(&f->args[k]);
        for (size_t k = 0; k < json_array_size(f->examples); k++)
            show_example(f->name, json_array_get(f->examples, k));
    }
}
