/* SPDX-License-Identifier: MIT
 * Which jobs a command means. */
#include "commands/picking.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static void add(json_t *in, const char *name, const char *text)
{
    if (text)
        json_object_set_new(in, name, json_string(text));
}

json_t *picking_filter(const struct command_line *line)
{
    json_t *in = json_object();
    add(in, "flow", line->flow);
    add(in, "reason", line->reason);
    add(in, "cause", line->cause);
    add(in, "key", line->key);
    add(in, "since", line->since);
    add(in, "until", line->until);
    return in;
}

static int count_of(const json_t *out, const char *name)
{
    return (int)json_integer_value(json_object_get(out, name));
}

static void print_plan(const json_t *out, const char *what)
{
    size_t i;
    json_t *one;
    visible_print(stdout, "%d job%s would be %s\n", count_of(out, "hit"),
                  count_of(out, "hit") == 1 ? "" : "s", what);
    json_array_foreach(json_object_get(out, "causes"), i, one) {
        const char *cause = json_string_value(json_object_get(one, "cause"));
        visible_print(stdout, "  %6d  %s%s%s\n", count_of(one, "count"),
                      json_string_value(json_object_get(one, "reason")), cause ? "  cause " : "",
                      cause ? cause : "");
    }
}

static bool agreed(void)
{
    char line[16] = "";
    visible_print(stdout, "Go on? [y/N] ");
    fflush(stdout);
    return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}

/* By filter: a plan first. EXIT_OK: it may be carried out. */
static int plan(const struct command_line *line, const char *name, json_t *in, const char *what)
{
    json_t *out, *ask = json_copy(in);
    json_object_set_new(ask, "plan", json_true());
    int rc = command_ask(line, name, ask, NULL, NULL, &out);
    int hit = count_of(out, "hit");
    if (rc == EXIT_OK)
        print_plan(out, what);
    json_decref(out);
    if (rc != EXIT_OK || line->plan || hit == 0 || line->yes)
        return rc;
    if (isatty(STDIN_FILENO))
        return agreed() ? EXIT_OK : EXIT_PARKED;
    visible_print(stderr, "koppel: without a terminal this needs --yes\n");
    return EXIT_USAGE;
}

/* Those that an order did not reach. Who named one that has ended is mistaken; one that a filter
 * meant may have ended since, or be under way. */
static int print_left(const struct command_line *line, const json_t *out, int left)
{
    const char *job;
    json_t *state, *ended = json_object_get(out, "ended");
    json_object_foreach(ended, job, state)
        visible_print(stderr, "koppel: %s has ended as %s; what ended stays ended\n", job,
                      json_string_value(state));
    left -= (int)json_object_size(ended);
    if (left > 0)
        visible_print(stderr, "koppel: %d could not be: ended meanwhile, or being delivered right"
                      " now\n", left);
    return line->count > 0 ? EXIT_FAILED : EXIT_PARKED;
}

/* Where they were followed, what they came to as well. */
static void print_done(const json_t *out, const char *done)
{
    const json_t *came = json_object_get(out, "came");
    if (!came) {
        visible_print(stdout, "%d jobs %s\n", count_of(out, "count"), done);
        return;
    }
    visible_print(stdout, "%d jobs were tried again: %d done, %d skipped, %d parked, %d wait\n",
                  count_of(out, "count"), count_of(came, "done"), count_of(came, "skipped"),
                  count_of(came, "parked"), count_of(came, "waiting"));
}

int picking_order(const struct command_line *line, const char *name, const char *what,
                  const char *done)
{
    json_t *in = picking_filter(line), *out;
    bool filter = json_object_size(in) > 0 || line->all || line->skipped;
    if ((line->count > 0) == filter) { /* jobs by name, or those that a filter means */
        json_decref(in);
        return COMMAND_MISUSED;
    }
    add(in, "why", line->why);
    if (line->skipped)
        json_object_set_new(in, "skipped", json_true());
    if (line->follow)
        json_object_set_new(in, "wait", json_true());
    if (line->count > 0) {
        json_t *jobs = json_array();
        for (int i = 0; i < line->count; i++)
            json_array_append_new(jobs, json_string(line->words[i]));
        json_object_set_new(in, "jobs", jobs);
    }
    int rc = EXIT_OK;
    if (line->plan || (filter && !line->all))
        rc = plan(line, name, in, what);
    if (rc != EXIT_OK || line->plan) {
        json_decref(in);
        return rc;
    }
    rc = command_ask(line, name, in, NULL, NULL, &out);
    int left = count_of(out, "hit") - count_of(out, "count");
    if (rc == EXIT_OK)
        print_done(out, done);
    if (rc == EXIT_OK && left > 0)
        rc = print_left(line, out, left);
    json_decref(out);
    return rc;
}
