/* SPDX-License-Identifier: MIT
 * koppel runs: the runs that did something or failed, with what came of them. */
#include "commands/command_runs.h"

#include "base/clock.h"
#include "commands/history_rows.h"
#include "commands/paper.h"

static void add_count(struct paper *p, const json_t *run, const char *name, enum paper_tone tone)
{
    json_int_t count = json_integer_value(json_object_get(run, name));
    paper_cell(p, count > 0 ? tone : PAPER_FAINT, "%" JSON_INTEGER_FORMAT, count);
}

static void add_length(struct paper *p, const json_t *run)
{
    int64_t begun, ended;
    char span[PAPER_TIME_BYTES];
    bool known = clock_parse(history_rows_text(run, "begun"), &begun) == 0 &&
                 clock_parse(history_rows_text(run, "ended"), &ended) == 0;
    paper_cell(p, PAPER_FAINT, "%s", known ? paper_span(ended - begun, span) : "");
}

static void add_run(struct paper *p, const json_t *run, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    const json_t *error = json_object_get(run, "error");
    const json_t *revision = json_object_get(run, "revision");
    paper_cell(p, PAPER_STRONG, "%s", history_rows_text(run, "flow"));
    paper_cell(p, PAPER_FAINT, "%" JSON_INTEGER_FORMAT,
               json_integer_value(json_object_get(run, "run")));
    paper_cell(p, PAPER_PLAIN, "%s",
               paper_ago_text(history_rows_text(run, "begun"), "", zone, at));
    add_length(p, run);
    paper_cell(p, PAPER_FAINT, "%s", history_rows_text(run, "trigger"));
    if (json_is_integer(revision))
        paper_cell(p, PAPER_FAINT, "%" JSON_INTEGER_FORMAT, json_integer_value(revision));
    else
        paper_cell(p, PAPER_FAINT, "%s", history_rows_text(run, "version"));
    add_count(p, run, "read", PAPER_PLAIN);
    add_count(p, run, "done", PAPER_GOOD);
    add_count(p, run, "skipped", PAPER_PLAIN);
    add_count(p, run, "parked", PAPER_CARE);
    add_count(p, run, "waiting", PAPER_CARE);
    paper_cell(p, PAPER_BAD, "%s", history_rows_text(error, "text"));
}

int command_runs(const struct command_line *line)
{
    static const char *const heads[] = {"FLOW", ">RUN", "BEGUN", ">TOOK", "BY", ">REV",
                                        ">READ", ">DONE", ">SKIP", ">PARK", ">WAIT", "ERROR"};
    static const struct history_rows rows = {"runs.list", "runs", heads,
                                             sizeof heads / sizeof *heads, add_run,
                                             "no run did anything, or failed, in this time"};
    json_t *in = json_object();
    if (line->count > 0)
        json_object_set_new(in, "flow", command_json_text(line->words[0]));
    return history_rows_print(line, &rows, in);
}
