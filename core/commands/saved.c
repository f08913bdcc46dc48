/* SPDX-License-Identifier: MIT
 * Orders that change the configuration, and what became of them. */
#include "commands/saved.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

void saved_mistakes(const json_t *mistakes)
{
    size_t i;
    json_t *m;
    json_array_foreach(mistakes, i, m)
        visible_print(stderr, "%s:%d: %s%s\n", text(m, "file"),
                      (int)json_integer_value(json_object_get(m, "line")),
                      json_is_true(json_object_get(m, "warning")) ? "warning: " : "",
                      text(m, "text"));
}

/* The change itself, for patch(1), as this program cannot make it. */
static int print_patch(const json_t *out)
{
    size_t i;
    json_t *file;
    visible_print(stderr, "koppel: %s; nothing was saved. The change as a patch:\n",
                  text(out, "refused"));
    json_array_foreach(json_object_get(out, "files"), i, file)
        visible_print(stdout, "%s", text(file, "diff"));
    return EXIT_FAILED;
}

/* What the engine that runs made of it. */
static int print_taken(const json_t *taken)
{
    static const struct {
        const char *member, *title;
    } parts[] = {{"changed", "; changed: "}, {"begun", "; new: "}, {"ended", "; ended: "}};
    size_t i;
    json_t *flow;
    if (!json_is_true(json_object_get(taken, "active"))) {
        saved_mistakes(json_object_get(taken, "mistakes"));
        visible_print(stderr, "koppel: saved, but not active: the engine that runs cannot take it;"
                      " what was active stays\n");
        return EXIT_CONFIG;
    }
    visible_print(stdout, "active in the engine that runs");
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
        json_array_foreach(json_object_get(taken, parts[part].member), i, flow)
            visible_print(stdout, "%s%s", i > 0 ? ", " : parts[part].title,
                          json_string_value(flow));
    }
    visible_print(stdout, "\n");
    return EXIT_OK;
}

static int print_saved(const json_t *out)
{
    size_t i;
    json_t *file;
    const json_t *revision = json_object_get(out, "revision");
    if (json_array_size(json_object_get(out, "files")) == 0)
        visible_print(stdout, "nothing to change: it is so already\n");
    json_array_foreach(json_object_get(out, "files"), i, file) {
        visible_print(stdout, "%s saved", text(file, "path"));
        if (json_is_integer(revision))
            visible_print(stdout, " (revision %d)", (int)json_integer_value(revision));
        visible_print(stdout, "\n");
    }
    saved_mistakes(json_object_get(out, "mistakes"));
    if (json_is_object(json_object_get(out, "reload")))
        return print_taken(json_object_get(out, "reload"));
    if (json_is_true(json_object_get(out, "active")))
        return EXIT_OK;
    visible_print(stderr, "koppel: not active: these mistakes were there before and remain\n");
    return EXIT_CONFIG;
}

int saved_ask(const struct command_line *line, const char *name, json_t *in_take)
{
    json_t *out = NULL;
    int rc = command_ask(line, name, in_take, NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    bool refused = json_object_get(out, "refused") != NULL;
    bool saved = json_is_true(json_object_get(out, "saved"));
    if (line->json) {
        rc = refused                                         ? EXIT_FAILED
             : json_is_true(json_object_get(out, "active")) ? EXIT_OK
                                                             : EXIT_CONFIG;
        command_print_json(json_incref(out));
    } else if (refused) {
        rc = print_patch(out);
    } else if (!saved) {
        saved_mistakes(json_object_get(out, "mistakes"));
        visible_print(stderr, "koppel: nothing was saved: the configuration would have mistakes\n");
        rc = EXIT_CONFIG;
    } else {
        rc = print_saved(out);
    }
    json_decref(out);
    return rc;
}
