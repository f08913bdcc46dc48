/* SPDX-License-Identifier: MIT
 * A flow's counts, for people and for scripts. */
#include "commands/command_report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "commands/command.h"
#include "commands/paper.h"

#define RATE_FROM_MS 100 /* a rate of less time says nothing */

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static void print_waiting(const json_t *counts)
{
    char at[PAPER_TIME_BYTES];
    if (*text_of(counts, "due"))
        paper_print(PAPER_PLAIN, "              the next is tried %s\n",
                    paper_ago_text(text_of(counts, "due"), "", NULL, at));
}

static void print_state(const json_t *counts, const char *state)
{
    size_t i;
    json_t *row;
    json_int_t count = json_integer_value(json_object_get(counts, state));
    paper_print(PAPER_PLAIN, "  %-8s ", state);
    paper_print(count > 0 ? paper_state(state) : PAPER_FAINT, "%8" JSON_INTEGER_FORMAT "\n",
                count);
    json_array_foreach(json_object_get(counts, "reasons"), i, row) {
        const char *reason = text_of(row, "reason"), *remedy = text_of(row, "remedy");
        if (strcmp(text_of(row, "state"), state) != 0 || !*reason)
            continue;
        paper_print(PAPER_PLAIN, "    %8" JSON_INTEGER_FORMAT "  %s%s%s\n",
                    json_integer_value(json_object_get(row, "count")), reason,
                    *remedy ? ": " : "", remedy);
    }
}

/* How long the run took, and how many records it brought to an end in a second. */
static void print_pace(const json_t *run)
{
    static const char *const ends[] = {"done", "skipped", "parked"};
    int64_t begun, ended, settled = 0;
    if (clock_parse(text_of(run, "begun"), &begun) != 0 ||
        clock_parse(text_of(run, "ended"), &ended) != 0) {
        putchar('\n');
        return;
    }
    int64_t ms = ended > begun ? ended - begun : 1;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        settled += json_integer_value(json_object_get(run, ends[i]));
    paper_print(PAPER_FAINT, "  run %" JSON_INTEGER_FORMAT " took %lld.%lld s",
                json_integer_value(json_object_get(run, "run")), (long long)(ms / 1000),
                (long long)(ms % 1000 / 100));
    if (ms >= RATE_FROM_MS && settled > 0)
        paper_print(PAPER_FAINT, ", %lld records/s", (long long)(settled * 1000 / ms));
    putchar('\n');
}

void command_report_flow(const json_t *counts, bool json)
{
    if (json) {
        command_print_json(json_incref((json_t *)counts));
        fflush(stdout);
        return;
    }
    paper_print(PAPER_STRONG, "flow %s", text_of(counts, "flow"));
    print_pace(json_object_get(counts, "run"));
    paper_print(PAPER_PLAIN, "  %-8s %8" JSON_INTEGER_FORMAT "\n", "read",
                json_integer_value(json_object_get(counts, "read")));
    print_state(counts, "done");
    print_state(counts, "skipped");
    print_state(counts, "parked");
    if (json_integer_value(json_object_get(counts, "waiting")) > 0) {
        print_state(counts, "waiting");
        print_waiting(counts);
    }
    if (json_integer_value(json_object_get(counts, "pending")) > 0)
        print_state(counts, "pending");
    if (*text_of(counts, "paused"))
        paper_print(PAPER_CARE, "  paused: %s\n", text_of(counts, "paused"));
    fflush(stdout);
}
