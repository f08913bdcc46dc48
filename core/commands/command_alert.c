/* SPDX-License-Identifier: MIT
 * koppel alert: what needs a person, who knows of it, and whether the channels work. */
#include "commands/command_alert.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* ---- test ---- */

static int test(const struct command_line *line)
{
    json_t *out, *one;
    size_t i;
    int rc = command_ask(line, "alerts.test", json_pack("{s:s}", "channel", line->words[1]), NULL,
                         NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    bool ok = json_is_true(json_object_get(out, "ok"));
    if (line->json) {
        command_print_json(json_incref(out));
    } else {
        json_array_foreach(json_object_get(out, "dialogue"), i, one)
            visible_print(stdout, "%s\n", json_string_value(one));
        visible_print(stdout, "%s: %s%s (%lld ms)\n", text_of(out, "channel"),
                      ok ? "the message was taken" : "", text_of(out, "error"),
                      (long long)json_integer_value(json_object_get(out, "ms")));
    }
    json_decref(out);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int command_alert(const struct command_line *line)
{
    static const char *const what[] = {"test"};
    if (strcmp(line->words[0], "test") == 0 && line->count == 2)
        return test(line);
    if (strcmp(line->words[0], "test") != 0)
        return command_unknown("order", line->words[0], "koppel alert", what, 1);
    return COMMAND_MISUSED;
}
