/* SPDX-License-Identifier: MIT
 * koppel test: runs the cases of flows, makes them and accepts what comes out. Connects to
 * nobody. */
#include "commands/command_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/saved.h"

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static void print_value(const char *what, const json_t *value)
{
    char *words = value ? json_text(value, true, NULL) : NULL;
    visible_print(stdout, "    %-9s %s\n", what, words ? words : "nothing");
    free(words);
}

/* false: it fails. One of which nothing is said yet neither passes nor fails. */
static bool print_case(const char *flow, const json_t *one)
{
    bool passes = json_is_true(json_object_get(one, "passes"));
    bool accepted = json_is_true(json_object_get(one, "accepted"));
    json_t *difference;
    size_t i;
    visible_print(stdout, "%s %s: %s\n", flow, text(one, "case"),
                  passes ? "passes" : accepted ? "FAILS" : "has no outcome yet");
    json_array_foreach(json_object_get(one, "differences"), i, difference) {
        visible_print(stdout, "  %s\n", text(difference, "path"));
        print_value("expected", json_object_get(difference, "expected"));
        print_value("got", json_object_get(difference, "got"));
    }
    if (!passes && *text(one, "detail"))
        visible_print(stdout, "  it says: %s\n", text(one, "detail"));
    return passes || !accepted;
}

/* Those of the configuration, which somebody wrote here; of what was shipped only how many. */
static void print_uncovered(const json_t *flow)
{
    json_t *rule;
    size_t i;
    int shipped = 0;
    json_array_foreach(json_object_get(flow, "uncovered"), i, rule) {
        if (json_is_true(json_object_get(rule, "own")))
            visible_print(stdout, "%s: no case covers %s:%d: %s\n", text(flow, "flow"),
                          text(rule, "file"),
                          (int)json_integer_value(json_object_get(rule, "line")),
                          text(rule, "to"));
        else
            shipped++;
    }
    if (shipped > 0)
        visible_print(stdout, "%s: no case covers %d rules of the shipped mappings\n",
                      text(flow, "flow"), shipped);
}

static bool print_flow(const json_t *flow, bool json, int *count)
{
    json_t *one;
    size_t i;
    bool fails = false;
    json_array_foreach(json_object_get(flow, "cases"), i, one) {
        bool right = json ? json_is_true(json_object_get(one, "passes")) ||
                                !json_is_true(json_object_get(one, "accepted"))
                          : print_case(text(flow, "flow"), one);
        fails = fails || !right;
        (*count)++;
    }
    if (json)
        command_print_json(json_incref((json_t *)flow));
    else
        print_uncovered(flow);
    return !fails;
}

static int run(const struct command_line *line)
{
    json_t *out = NULL, *one;
    size_t i;
    int count = 0;
    int rc = command_ask(line, "cases.run",
                         json_pack("{s:s*,s:s*}", "flow", line->count > 0 ? line->words[0] : NULL,
                                   "case", line->count > 1 ? line->words[1] : NULL),
                         NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    if (json_integer_value(json_object_get(out, "errors")) > 0) {
        json_array_foreach(json_object_get(out, "mistakes"), i, one)
            visible_print(stderr, "%s:%d: %s\n", text(one, "file"),
                          (int)json_integer_value(json_object_get(one, "line")),
                          text(one, "text"));
        rc = EXIT_CONFIG;
    }
    json_array_foreach(json_object_get(out, "flows"), i, one) {
        if (!print_flow(one, line->json, &count))
            rc = command_worse(rc, EXIT_PARKED);
    }
    if (rc == EXIT_OK && count == 0 && !line->json)
        visible_print(stdout, "there are no cases; koppel test FLOW --make KEY makes one of a "
                              "record\n");
    json_decref(out);
    return rc;
}

int command_test(const struct command_line *line)
{
    if (!line->make && !line->accept)
        return run(line);
    if (line->count == 0 || (line->make && line->accept) || (line->accept && line->count > 1))
        return COMMAND_MISUSED;
    if (line->accept)
        return saved_ask(line, "cases.accept", json_pack("{s:s,s:s}", "flow", line->words[0],
                                                         "case", line->accept));
    return saved_ask(line, "cases.make",
                     json_pack("{s:s,s:s,s:s*}", "flow", line->words[0], "key", line->make, "case",
                               line->count > 1 ? line->words[1] : NULL));
}
