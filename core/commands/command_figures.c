/* SPDX-License-Identifier: MIT
 * koppel figures: how much was read and settled when. */
#include "commands/command_figures.h"

#include "commands/history_rows.h"
#include "commands/paper.h"

static void add_count(struct paper *p, const json_t *span, const char *name, enum paper_tone tone)
{
    json_int_t count = json_integer_value(json_object_get(span, name));
    paper_cell(p, count > 0 ? tone : PAPER_FAINT, "%" JSON_INTEGER_FORMAT, count);
}

static void add_span(struct paper *p, const json_t *span, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    paper_cell(p, PAPER_PLAIN, "%s", paper_ago_text(history_rows_text(span, "at"), "", zone, at));
    add_count(p, span, "read", PAPER_PLAIN);
    add_count(p, span, "done", PAPER_GOOD);
    add_count(p, span, "skipped", PAPER_PLAIN);
    add_count(p, span, "parked", PAPER_CARE);
}

int command_figures(const struct command_line *line)
{
    static const char *const heads[] = {"FROM", ">READ", ">DONE", ">SKIP", ">PARK"};
    static const struct history_rows rows = {"history.figures", "spans", heads,
                                             sizeof heads / sizeof *heads, add_span,
                                             "nothing happened in this time"};
    json_t *in = json_object();
    if (line->count > 0)
        json_object_set_new(in, "flow", command_json_text(line->words[0]));
    return history_rows_print(line, &rows, in);
}
