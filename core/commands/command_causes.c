/* SPDX-License-Identifier: MIT
 * koppel causes: what records wait for, most of them first, and what helps. */
#include "commands/command_causes.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_cause(const json_t *c)
{
    const json_t *remedy = json_object_get(c, "remedy");
    json_int_t parked = json_integer_value(json_object_get(c, "parked"));
    json_int_t waiting = json_integer_value(json_object_get(c, "waiting"));
    visible_print(stdout, "%s  %s  %s  %lld parked, %lld waiting, since %s, such as %s\n",
                  text_of(c, "cause"), text_of(c, "flow"), text_of(c, "reason"), (long long)parked,
                  (long long)waiting, text_of(c, "first"), text_of(c, "job"));
    visible_print(stdout, "    %s\n", text_of(c, "text"));
    if (*text_of(remedy, "text"))
        visible_print(stdout, "    remedy: %s\n", text_of(remedy, "text"));
    if (*text_of(remedy, "command"))
        visible_print(stdout, "    %s\n", text_of(remedy, "command"));
}

int command_causes(const struct command_line *line)
{
    json_t *out, *c, *in = json_object();
    size_t i;
    if (line->count > 0)
        json_object_set_new(in, "flow", json_string(line->words[0]));
    int rc = command_ask(line, "jobs.causes", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "causes"), i, c) {
        if (json_integer_value(json_object_get(c, "parked")) > 0)
            rc = EXIT_PARKED;
        if (line->json)
            command_print_json(json_incref(c));
        else
            print_cause(c);
    }
    json_decref(out);
    return rc;
}
