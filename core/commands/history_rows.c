/* SPDX-License-Identifier: MIT
 * Lists of what was done, newest first. */
#include "commands/history_rows.h"

#include <stdlib.h>

#include "commands/command_ask.h"

const char *history_rows_text(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static void print_table(const struct command_line *line, const struct history_rows *rows,
                        const json_t *list)
{
    struct paper p;
    size_t i;
    json_t *row;
    const struct zone *zone = command_ask_zone(line);
    if (json_array_size(list) == 0)
        paper_print(PAPER_FAINT, "%s\n", rows->none);
    paper_begin(&p, rows->columns, rows->heads);
    json_array_foreach(list, i, row)
        rows->add(&p, row, zone);
    paper_end(&p, 0);
}

int history_rows_print(const struct command_line *line, const struct history_rows *rows,
                       json_t *in_take)
{
    json_t *out, *row;
    size_t i;
    if (line->since)
        json_object_set_new(in_take, "since", command_json_text(line->since));
    if (line->until)
        json_object_set_new(in_take, "until", command_json_text(line->until));
    if (line->after)
        json_object_set_new(in_take, "after", json_integer(strtoll(line->after, NULL, 10)));
    if (line->limit > 0)
        json_object_set_new(in_take, "limit", json_integer(line->limit));
    int rc = command_ask(line, rows->question, in_take, NULL, NULL, &out);
    const json_t *list = json_object_get(out, rows->member), *next = json_object_get(out, "next");
    json_array_foreach(list, i, row) {
        if (line->json)
            command_print_json(json_incref(row));
    }
    if (rc == EXIT_OK && !line->json)
        print_table(line, rows, list);
    if (json_is_integer(next) && !line->json)
        paper_print(PAPER_FAINT, "\nolder ones: --after %" JSON_INTEGER_FORMAT "\n",
                    json_integer_value(next));
    json_decref(out);
    return rc;
}
