/* SPDX-License-Identifier: MIT
 * koppel choices: what a system has in one of its lists, for settings and tables. */
#include "commands/command_choices.h"

#include "commands/command_ask.h"
#include "commands/paper.h"

static void print_values(const json_t *values)
{
    struct paper p;
    size_t i;
    json_t *one;
    paper_begin(&p, 2, NULL);
    json_array_foreach(values, i, one) {
        const char *title = json_string_value(json_object_get(one, "title"));
        paper_cell(&p, PAPER_STRONG, "%s", json_string_value(json_object_get(one, "value")));
        paper_cell(&p, PAPER_PLAIN, "%s", title ? title : "");
    }
    paper_end(&p, 0);
}

int command_choices(const struct command_line *line)
{
    json_t *out, *one, *in = json_object();
    size_t i;
    json_object_set_new(in, "connection", command_json_text(line->words[0]));
    if (line->count > 1)
        json_object_set_new(in, "list", command_json_text(line->words[1]));
    int rc = command_ask(line, "connections.choices", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "lists"), i, one) {
        if (line->json)
            command_print_json(json_pack("{s:O}", "list", one));
        else
            paper_print(PAPER_PLAIN, "%s\n", json_string_value(one));
    }
    json_array_foreach(json_object_get(out, "values"), i, one) {
        if (line->json)
            command_print_json(json_incref(one));
    }
    if (!line->json)
        print_values(json_object_get(out, "values"));
    json_decref(out);
    return rc;
}
