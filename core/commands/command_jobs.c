/* SPDX-License-Identifier: MIT
 * koppel jobs: jobs with their outcome, newest first; all of them, or those that words find. */
#include "commands/command_jobs.h"

#include "commands/command_ask.h"
#include "commands/paper.h"
#include "commands/picking.h"

#define LIMIT_DEFAULT 100

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void add_job(struct paper *p, const json_t *job, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    const json_t *brief = json_object_get(job, "brief");
    const char *reason = text_of(job, "reason"), *detail = text_of(job, "detail");
    paper_cell(p, PAPER_STRONG, "%s", text_of(job, "job"));
    paper_cell(p, paper_state(text_of(job, "state")), "%s", text_of(job, "state"));
    paper_cell(p, PAPER_FAINT, "%s", paper_ago_text(text_of(job, "at"), "", zone, at));
    paper_cell(p, PAPER_PLAIN, "%s", *text_of(brief, "number") ? text_of(brief, "number")
                                                               : text_of(job, "key"));
    paper_cell(p, PAPER_PLAIN, "%s", text_of(brief, "title"));
    paper_cell(p, PAPER_PLAIN, "%s", text_of(brief, "total"));
    paper_cell(p, PAPER_PLAIN, "%s%s%s", reason, *reason && *detail ? ": " : "", detail);
}

/* What helps one helps all that wait for the same. */
static void add_remedy(json_t *remedies, const json_t *job)
{
    const char *cause = json_string_value(json_object_get(job, "cause"));
    const char *name = cause ? cause : text_of(job, "job");
    json_t *one = json_object_get(remedies, name);
    if (!json_is_object(json_object_get(job, "do")))
        return;
    if (!one) {
        one = json_pack("{s:O,s:O,s:i}", "do", json_object_get(job, "do"), "reason",
                        json_object_get(job, "reason"), "count", 0);
        json_object_set_new(remedies, name, one);
    }
    json_object_set_new(one, "count",
                        json_integer(json_integer_value(json_object_get(one, "count")) + 1));
}

static void print_remedies(json_t *remedies)
{
    const char *name;
    json_t *one;
    json_object_foreach(remedies, name, one) {
        const json_t *remedy = json_object_get(one, "do");
        json_int_t count = json_integer_value(json_object_get(one, "count"));
        paper_print(PAPER_CARE, "\n%" JSON_INTEGER_FORMAT " of %s", count, text_of(one, "reason"));
        paper_print(PAPER_PLAIN, ": %s\n", text_of(remedy, "text"));
        if (*text_of(remedy, "command"))
            paper_print(PAPER_STRONG, "  %s\n", text_of(remedy, "command"));
    }
}

/* What is shown to a person, who sees all of it together. */
struct shown {
    struct paper paper;
    json_t *remedies;
    const struct zone *zone;
};

/* One page. *left: rows that are still wanted; *next: where the next one begins, NULL: the end. */
static int show_page(const struct command_line *line, struct shown *shown, int *left,
                     json_t **next)
{
    json_t *out, *job, *in = picking_filter(line);
    size_t i;
    if (line->state)
        json_object_set_new(in, "state", json_string(line->state));
    if (*next)
        json_object_set_new(in, "after", *next);
    json_object_set_new(in, "limit", json_integer(*left < LIMIT_DEFAULT ? *left : LIMIT_DEFAULT));
    if (line->count > 0)
        json_object_set_new(in, "words", command_words(line, 0));
    int rc = command_ask(line, "jobs.list", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "jobs"), i, job) {
        --*left;
        if (line->json)
            command_print_json(json_incref(job));
        if (line->json)
            continue;
        add_job(&shown->paper, job, shown->zone);
        add_remedy(shown->remedies, job);
    }
    json_t *place = json_object_get(out, "next");
    *next = json_is_string(place) ? json_incref(place) : NULL;
    json_decref(out);
    return rc;
}

int command_jobs(const struct command_line *line)
{
    static const char *const heads[] = {"JOB", "STATE", "READ", "NUMBER", "NAME", ">TOTAL", "WHY"};
    int left = line->limit > 0 ? line->limit : LIMIT_DEFAULT;
    struct shown shown = {.remedies = json_object()};
    json_t *next = line->after ? json_string(line->after) : NULL;
    int rc;
    if (!line->json)
        shown.zone = command_ask_zone(line);
    paper_begin(&shown.paper, (int)(sizeof heads / sizeof *heads), heads);
    do {
        rc = show_page(line, &shown, &left, &next);
    } while (rc == EXIT_OK && next && left > 0);
    paper_end(&shown.paper, 0);
    print_remedies(shown.remedies);
    if (next && !line->json)
        paper_print(PAPER_FAINT, "\nolder ones: --after \"%s\"\n", json_string_value(next));
    json_decref(shown.remedies);
    json_decref(next);
    return rc;
}
