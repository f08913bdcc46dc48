/* SPDX-License-Identifier: MIT
 * koppel activity: one job from its source payload through every attempt, with the rule behind each
 * field. */
#include "commands/command_activity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "commands/command_ask.h"
#include "commands/paper.h"
#include "commands/rules.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* ---- the job ---- */

static void add_fact(struct paper *p, const char *name, const char *text)
{
    if (!*text)
        return;
    paper_cell(p, PAPER_FAINT, "%s", name);
    paper_cell(p, PAPER_PLAIN, "%s", text);
}

static void print_job(const json_t *job, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES], done[PAPER_TIME_BYTES], due[PAPER_TIME_BYTES];
    const json_t *brief = json_object_get(job, "brief"), *remedy = json_object_get(job, "do");
    struct paper p;
    paper_print(PAPER_STRONG, "%s", text_of(job, "job"));
    paper_print(paper_state(text_of(job, "state")), "  %s", text_of(job, "state"));
    paper_print(PAPER_PLAIN, "%s%s\n", *text_of(job, "reason") ? "  " : "", text_of(job, "reason"));
    paper_begin(&p, 2, NULL);
    add_fact(&p, "number", text_of(brief, "number"));
    add_fact(&p, "name", text_of(brief, "title"));
    add_fact(&p, "date", text_of(brief, "date"));
    if (*text_of(brief, "total")) {
        paper_cell(&p, PAPER_FAINT, "total");
        paper_cell(&p, PAPER_PLAIN, "%s %s", text_of(brief, "total"), text_of(brief, "currency"));
    }
    add_fact(&p, "key", text_of(job, "key"));
    add_fact(&p, "stands as", text_of(job, "remote_id"));
    add_fact(&p, "read", paper_time(text_of(job, "at"), zone, at));
    add_fact(&p, "settled", paper_time(text_of(job, "finished"), zone, done));
    add_fact(&p, "tried again", paper_time(text_of(job, "due"), zone, due));
    add_fact(&p, "why", text_of(job, "detail"));
    add_fact(&p, "what helps", text_of(remedy, "text"));
    add_fact(&p, "command", text_of(remedy, "command"));
    add_fact(&p, "edited by", text_of(job, "edited_by"));
    add_fact(&p, "edited why", text_of(job, "edited_why"));
    paper_end(&p, 2);
}

/* ---- attempts ---- */

/* What was sent and what came back stands below the request that it belongs to. */
static void print_exchanges(const json_t *steps)
{
    size_t i;
    json_t *x;
    json_array_foreach(json_object_get(steps, "exchanges"), i, x) {
        struct paper p;
        json_int_t status = number_of(x, "status");
        paper_print(PAPER_PLAIN, "  %s: ", text_of(x, "what"));
        paper_print(status >= 200 && status < 300 ? PAPER_GOOD : PAPER_BAD,
                    "%" JSON_INTEGER_FORMAT, status);
        paper_print(PAPER_FAINT, ", %" JSON_INTEGER_FORMAT " ms\n", number_of(x, "ms"));
        paper_begin(&p, 2, NULL);
        add_fact(&p, text_of(x, "method"), text_of(x, "url"));
        add_fact(&p, "sent", text_of(x, "request"));
        add_fact(&p, "answered", text_of(x, "response"));
        paper_end(&p, 4);
    }
}

static void print_steps(const json_t *steps)
{
    size_t i;
    json_t *step;
    json_array_foreach(json_object_get(steps, "steps"), i, step) {
        if (json_is_string(step))
            paper_print(PAPER_PLAIN, "  %s\n", json_string_value(step));
        else
            paper_print(PAPER_PLAIN, "  %s: %s\n", text_of(step, "step"), text_of(step, "detail"));
    }
}

static void print_attempt(const json_t *attempt, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    const json_t *steps = json_object_get(attempt, "activity");
    const json_t *revision = json_object_get(attempt, "revision");
    paper_print(PAPER_STRONG, "\nattempt %" JSON_INTEGER_FORMAT, number_of(attempt, "attempt"));
    paper_print(PAPER_PLAIN, "  %s", paper_time(text_of(attempt, "at"), zone, at));
    if (!json_is_object(steps)) {
        paper_print(PAPER_FAINT, "  what was done was erased with age\n");
        return;
    }
    paper_print(paper_state(text_of(steps, "state")), "  %s", text_of(steps, "state"));
    paper_print(PAPER_PLAIN, "%s%s\n", *text_of(steps, "reason") ? " " : "",
                text_of(steps, "reason"));
    if (*text_of(steps, "by"))
        paper_print(PAPER_PLAIN, "  by %s: %s\n", text_of(steps, "by"), text_of(steps, "why"));
    if (number_of(steps, "run") > 0)
        paper_print(PAPER_FAINT, "  run %" JSON_INTEGER_FORMAT " (%s), configuration %s%s",
                    number_of(steps, "run"), text_of(steps, "trigger"),
                    text_of(steps, "config_version"), json_is_integer(revision) ? "" : "\n");
    if (number_of(steps, "run") > 0 && json_is_integer(revision))
        paper_print(PAPER_FAINT, " of revision %" JSON_INTEGER_FORMAT
                    ": koppel config show %" JSON_INTEGER_FORMAT "\n", json_integer_value(revision),
                    json_integer_value(revision));
    if (*text_of(steps, "detail"))
        paper_print(PAPER_PLAIN, "  %s\n", text_of(steps, "detail"));
    print_steps(steps);
    print_exchanges(steps);
}

/* ---- fields ---- */

static const json_t *last_steps(const json_t *job)
{
    const json_t *attempts = json_object_get(job, "attempts");
    size_t count = json_array_size(attempts);
    return count ? json_object_get(json_array_get(attempts, count - 1), "activity") : NULL;
}

static void print_value(const char *title, const json_t *value)
{
    char *text = json_is_object(value) ? json_text_lines(value) : NULL;
    if (text) {
        paper_print(PAPER_STRONG, "\n%s\n", title);
        paper_print(PAPER_PLAIN, "%s\n", text);
    }
    free(text);
}

/* With the rules of the configuration as it is now; without them the records as they were. */
static void print_fields(const json_t *job, const json_t *rules, bool all)
{
    const json_t *steps = last_steps(job);
    const char *then = text_of(steps, "config_version"), *now = text_of(rules, "version");
    if (!rules) {
        print_value("core record", json_object_get(steps, "core"));
        print_value("what was sent", json_object_get(steps, "document"));
        return;
    }
    if (*then && strcmp(then, now) != 0)
        paper_print(PAPER_CARE, "\nThe rules below are those of the configuration as it is now"
                    " (%s); the last attempt ran under %s.\n", now, then);
    rules_print("source -> core", json_object_get(rules, "get"), all);
    rules_print("core -> destination", json_object_get(rules, "send"), all);
}

int command_activity(const struct command_line *line)
{
    json_t *job, *rules = NULL, *attempt;
    size_t i;
    struct koppel_error ignored = {0};
    int rc = command_ask(line, "jobs.show", json_pack("{s:o}", "job",
                                                      command_json_text(line->words[0])),
                         NULL, NULL, &job);
    if (rc != EXIT_OK)
        return rc;
    if (line->json) {
        command_print_json(job);
        return EXIT_OK;
    }
    const struct zone *zone = command_ask_zone(line);
    /* one that was erased, or a configuration with mistakes, has no rules to show */
    (void)command_ask_quietly(line, "jobs.explain",
                              json_pack("{s:o}", "job", command_json_text(line->words[0])), &rules,
                              &ignored);
    print_job(job, zone);
    json_array_foreach(json_object_get(job, "attempts"), i, attempt)
        print_attempt(attempt, zone);
    print_fields(job, rules, line->verbose);
    print_value("as a person changed it", json_object_get(job, "record"));
    print_value("as it was read", json_object_get(job, "source"));
    json_decref(rules);
    json_decref(job);
    return EXIT_OK;
}
