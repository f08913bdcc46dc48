/* SPDX-License-Identifier: MIT
 * koppel reload: the engine that runs takes the configuration as it stands now. */
#include "commands/command_reload.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static void print_flows(const json_t *out, const char *member, const char *what)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(out, member), i, name)
        visible_print(stdout, "%s%s", i > 0 ? ", " : what, json_string_value(name));
    if (json_array_size(json_object_get(out, member)) > 0)
        visible_print(stdout, "\n");
}

static void print_mistakes(const json_t *mistakes)
{
    size_t i;
    json_t *m;
    json_array_foreach(mistakes, i, m)
        visible_print(stderr, "%s:%" JSON_INTEGER_FORMAT ": %s%s\n",
                      json_string_value(json_object_get(m, "file")),
                      json_integer_value(json_object_get(m, "line")),
                      json_is_true(json_object_get(m, "warning")) ? "warning: " : "",
                      json_string_value(json_object_get(m, "text")));
}

int command_reload(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "reload", json_object(), NULL, NULL, &out);
    bool active = json_is_true(json_object_get(out, "active"));
    if (rc == EXIT_OK && !active)
        rc = EXIT_CONFIG;
    if (out)
        print_mistakes(json_object_get(out, "mistakes"));
    if (out && line->json) {
        command_print_json(out);
        return rc;
    }
    if (active) {
        visible_print(stdout, "the configuration is active\n");
        print_flows(out, "changed", "changed: ");
        print_flows(out, "begun", "new: ");
        print_flows(out, "ended", "ended: ");
    } else if (out) {
        visible_print(stderr, "koppel: nothing has changed, as the configuration has mistakes\n");
    }
    json_decref(out);
    return rc;
}
