/* SPDX-License-Identifier: MIT
 * koppel status: how every flow stands, the worst first, and calls that do not come back. */
#include "commands/command_status.h"

#include <string.h>

#include "commands/command_ask.h"
#include "commands/command_report.h"
#include "commands/paper.h"
#include "commands/session.h"
#include "service/flows.h"
#include "service/lifecycle.h"

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

static json_int_t count_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static bool is_failing(const json_t *row)
{
    return json_is_true(json_object_get(row, "failing"));
}

/* Why it is paused, else what its last run failed with. */
static void add_trouble(struct paper *p, const json_t *row, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    const json_t *error = json_object_get(row, "last_error");
    const char *paused = text_of(row, "paused"), *cases = text_of(row, "cases_fail"),
               *lacks = text_of(row, "lacks");
    if (lacks)
        paper_cell(p, PAPER_BAD, "%s", lacks);
    else if (cases)
        paper_cell(p, PAPER_BAD, "%s", cases);
    else if (paused)
        paper_cell(p, PAPER_CARE, "paused: %s", paused);
    else if (json_is_object(error))
        paper_cell(p, is_failing(row) ? PAPER_BAD : PAPER_FAINT, "%s: %s",
                   paper_ago_text(text_of(error, "at"), "", zone, at), text_of(error, "text"));
    else
        paper_cell(p, PAPER_PLAIN, "%s", "");
}

static void add_count(struct paper *p, const json_t *row, const char *name, enum paper_tone tone)
{
    json_int_t count = count_of(row, name);
    paper_cell(p, count > 0 ? tone : PAPER_FAINT, "%" JSON_INTEGER_FORMAT, count);
}

static enum paper_tone tone_of(const json_t *row)
{
    const char *state = text_of(row, "state");
    if (is_failing(row))
        return PAPER_BAD;
    if (strcmp(state, "off") == 0 || strcmp(state, "stopped") == 0)
        return PAPER_FAINT;
    return strcmp(state, "running") == 0 || strcmp(state, "waiting") == 0 ? PAPER_GOOD : PAPER_CARE;
}

static void print_flows(const json_t *flows, const struct zone *zone)
{
    static const char *const heads[] = {"FLOW",   "STATE", "LAST GOOD", "NEXT", ">PENDING",
                                        ">WAITING", ">PARKED", "LAST ERROR"};
    struct paper p;
    size_t i;
    json_t *row;
    char at[PAPER_TIME_BYTES];
    paper_begin(&p, (int)(sizeof heads / sizeof *heads), heads);
    json_array_foreach(flows, i, row) {
        paper_cell(&p, PAPER_STRONG, "%s", text_of(row, "flow"));
        paper_cell(&p, tone_of(row), "%s", text_of(row, "state"));
        paper_cell(&p, PAPER_PLAIN, "%s",
                   paper_ago_text(text_of(row, "last_good"), "never", zone, at));
        paper_cell(&p, PAPER_PLAIN, "%s", paper_ago_text(text_of(row, "next_run"), "", zone, at));
        add_count(&p, row, "pending", PAPER_PLAIN);
        add_count(&p, row, "waiting", PAPER_PLAIN);
        add_count(&p, row, "parked", PAPER_CARE);
        add_trouble(&p, row, zone);
    }
    paper_end(&p, 0);
}

/* Where to go on. */
static void print_hint(const json_t *flows)
{
    size_t i;
    json_t *row;
    json_int_t parked = 0;
    json_array_foreach(flows, i, row)
        parked += count_of(row, "parked");
    if (parked > 0)
        paper_print(PAPER_FAINT, "What the parked records wait for: koppel causes\n");
}

/* An engine knows the mistakes of the configuration that it could not take. Where none serves they
 * are those that the next one would meet. A new reference. */
static json_t *mistakes_of(const struct command_line *line, const json_t *out)
{
    struct session s;
    struct conf_report report = {0};
    json_t *mistakes = NULL;
    if (json_is_true(json_object_get(out, "serves")))
        return json_incref(json_object_get(out, "mistakes"));
    if (session_try(&s, line, &report) != EXIT_OK)
        mistakes = lifecycle_mistakes(&report);
    else
        session_close(&s);
    conf_report_done(&report);
    return mistakes;
}

/* A configuration that is not active needs a person. */
static int print_mistakes(json_t *mistakes, const json_t *out, bool json)
{
    bool safe = json_is_true(json_object_get(out, "safe"));
    bool serves = json_is_true(json_object_get(out, "serves"));
    size_t i;
    json_t *m;
    if (json_array_size(mistakes) == 0)
        return EXIT_OK;
    if (json) {
        command_print_json(json_pack("{s:b,s:O}", "safe", safe, "mistakes", mistakes));
        return EXIT_CONFIG;
    }
    paper_print(PAPER_BAD, "%s\n",
                safe     ? "safe mode: no flow runs, as the configuration has mistakes"
                : serves ? "the configuration on disk has mistakes and is not active"
                         : "the configuration has mistakes: no flow would run");
    json_array_foreach(mistakes, i, m)
        paper_print(PAPER_PLAIN, "  %s:%" JSON_INTEGER_FORMAT ": %s\n", text_of(m, "file"),
                    json_integer_value(json_object_get(m, "line")), text_of(m, "text"));
    return EXIT_CONFIG;
}

/* What the exit code is to say of the flows. */
static int code_of(const json_t *flows)
{
    size_t i;
    json_t *row;
    int rc = EXIT_OK;
    json_array_foreach(flows, i, row) {
        if (text_of(row, "cases_fail") || text_of(row, "lacks"))
            rc = command_worse(rc, EXIT_CONFIG);
        if (flows_are_open(row))
            rc = command_worse(rc, EXIT_PARKED);
        if (is_failing(row) && !text_of(row, "paused"))
            rc = command_worse(rc, EXIT_FAILED);
    }
    return rc;
}

int command_status(const struct command_line *line)
{
    json_t *out, *row, *in = json_object();
    size_t i;
    if (line->count > 0)
        json_object_set_new(in, "flows", command_words(line, 0));
    int rc = command_ask(line, "flows.status", in, NULL, NULL, &out);
    const json_t *flows = json_object_get(out, "flows");
    if (!line->json && json_array_size(flows) > 0)
        print_flows(flows, command_ask_zone(line));
    json_array_foreach(flows, i, row) {
        if (line->json || line->count > 0)
            command_report_flow(row, line->json);
    }
    if (!line->json && line->count == 0)
        print_hint(flows);
    rc = command_worse(rc, code_of(flows));
    json_array_foreach(json_object_get(out, "connections"), i, row) {
        rc = command_worse(rc, EXIT_FAILED);
        if (line->json)
            command_print_json(json_incref(row));
        else
            paper_print(PAPER_BAD, "connection %s: a call does not come back: %s\n",
                        text_of(row, "connection"), text_of(row, "blocked"));
    }
    if (out) {
        json_t *mistakes = mistakes_of(line, out);
        rc = command_worse(rc, print_mistakes(mistakes, out, line->json));
        json_decref(mistakes);
    }
    json_decref(out);
    return rc;
}
