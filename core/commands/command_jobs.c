/* SPDX-License-Identifier: MIT
 * koppel jobs: jobs with their outcome, newest first; all of them, or those that words find. */
#include "commands/command_jobs.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/picking.h"

#define LIMIT_DEFAULT 100

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void print_job(const json_t *job)
{
    const char *detail = text_of(job, "detail"), *remedy = text_of(job, "remedy");
    visible_print(stdout, "%s  %s  %-8s %s%s%s\n", text_of(job, "job"), text_of(job, "at"),
                  text_of(job, "state"), text_of(job, "reason"), *detail ? ": " : "", detail);
    if (*remedy)
        visible_print(stdout, "    remedy: %s\n", remedy);
}

/* One page. *left: rows that are still wanted; *next: where the next one begins, NULL: the end. */
static int show_page(const struct command_line *line, int *left, json_t **next)
{
    json_t *out, *job, *in = picking_filter(line), *words = json_array();
    size_t i;
    if (line->state)
        json_object_set_new(in, "state", json_string(line->state));
    if (*next)
        json_object_set_new(in, "after", *next);
    json_object_set_new(in, "limit", json_integer(*left < LIMIT_DEFAULT ? *left : LIMIT_DEFAULT));
    for (int w = 0; w < line->count; w++)
        json_array_append_new(words, json_string(line->words[w]));
    if (line->count > 0)
        json_object_set(in, "words", words);
    json_decref(words);
    int rc = command_ask(line, "jobs.list", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "jobs"), i, job) {
        --*left;
        if (line->json)
            command_print_json(json_incref(job));
        else
            print_job(job);
    }
    json_t *place = json_object_get(out, "next");
    *next = json_is_string(place) ? json_incref(place) : NULL;
    json_decref(out);
    return rc;
}

int command_jobs(const struct command_line *line)
{
    int left = line->limit > 0 ? line->limit : LIMIT_DEFAULT;
    json_t *next = line->after ? json_string(line->after) : NULL;
    int rc;
    do {
        rc = show_page(line, &left, &next);
    } while (rc == EXIT_OK && next && left > 0);
    if (next && !line->json)
        visible_print(stdout, "older ones: --after \"%s\"\n", json_string_value(next));
    json_decref(next);
    return rc;
}
