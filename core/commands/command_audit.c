/* SPDX-License-Identifier: MIT
 * koppel audit: who ordered what, and when. */
#include "commands/command_audit.h"

#include "base/buf.h"
#include "commands/history_rows.h"
#include "commands/paper.h"

#define WORDS_BYTES 4096

/* "3 jobs, reason map.unmapped" */
static void add_about(struct paper *p, const json_t *entry)
{
    struct buf words;
    const char *name, *gap = *history_rows_text(entry, "about") ? ", " : "";
    json_t *value, *count = json_object_get(entry, "count");
    buf_init(&words, WORDS_BYTES);
    buf_add_text(&words, history_rows_text(entry, "about"));
    if (json_is_integer(count)) {
        buf_printf(&words, "%s%" JSON_INTEGER_FORMAT " job%s", gap, json_integer_value(count),
                   json_integer_value(count) == 1 ? "" : "s");
        gap = ", ";
    }
    json_object_foreach(json_object_get(entry, "filter"), name, value) {
        buf_printf(&words, "%s%s %s", gap, name, json_string_value(value));
        gap = ", ";
    }
    paper_cell(p, PAPER_PLAIN, "%s", buf_text(&words));
    buf_done(&words);
}

static void add_entry(struct paper *p, const json_t *entry, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    paper_cell(p, PAPER_FAINT, "%s", paper_time(history_rows_text(entry, "at"), zone, at));
    paper_cell(p, PAPER_PLAIN, "%s", history_rows_text(entry, "who"));
    paper_cell(p, PAPER_FAINT, "%s", history_rows_text(entry, "via"));
    paper_cell(p, PAPER_STRONG, "%s", history_rows_text(entry, "what"));
    add_about(p, entry);
    paper_cell(p, PAPER_PLAIN, "%s", history_rows_text(entry, "why"));
}

int command_audit(const struct command_line *line)
{
    static const char *const heads[] = {"AT", "WHO", "VIA", "WHAT", "ABOUT", "WHY"};
    static const struct history_rows rows = {"audit.list", "entries", heads,
                                             sizeof heads / sizeof *heads, add_entry,
                                             "nothing was ordered in this time"};
    json_t *in = json_object();
    if (line->count > 0)
        json_object_set_new(in, "about", command_json_text(line->words[0]));
    return history_rows_print(line, &rows, in);
}
