/* SPDX-License-Identifier: MIT
 * koppel status: the counts of every flow, and calls that do not come back. */
#include "commands/command_status.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/command_report.h"
#include "service/flows.h"

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* What it does, and how its runs went. */
static void print_state(const json_t *row)
{
    const json_t *error = json_object_get(row, "last_error");
    const char *good = text_of(row, "last_good"), *next = text_of(row, "next_run");
    visible_print(stdout, "  %s%s%s%s%s\n", text_of(row, "state"), good ? "; last good run " : "",
                  good ? good : "", next ? "; next run " : "", next ? next : "");
    if (json_is_object(error))
        visible_print(stdout, "  last error %s: %s\n", text_of(error, "at"),
                      text_of(error, "text"));
}

/* A configuration that is not active needs a person. */
static int print_mistakes(const json_t *out, bool json)
{
    json_t *mistakes = json_object_get(out, "mistakes"), *m;
    bool safe = json_is_true(json_object_get(out, "safe"));
    size_t i;
    if (json_array_size(mistakes) == 0)
        return EXIT_OK;
    if (json) {
        command_print_json(json_pack("{s:b,s:O}", "safe", safe, "mistakes", mistakes));
        return EXIT_CONFIG;
    }
    visible_print(stdout, "%s\n",
                  safe ? "safe mode: no flow runs, as the configuration has mistakes"
                       : "the configuration on disk has mistakes and is not active");
    json_array_foreach(mistakes, i, m)
        visible_print(stdout, "  %s:%" JSON_INTEGER_FORMAT ": %s\n", text_of(m, "file"),
                      json_integer_value(json_object_get(m, "line")), text_of(m, "text"));
    return EXIT_CONFIG;
}

int command_status(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "flows.status", json_object(), NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "flows"), i, row) {
        command_report_flow(row, line->json);
        if (!line->json)
            print_state(row);
        if (flows_are_open(row))
            rc = command_worse(rc, EXIT_PARKED);
    }
    json_array_foreach(json_object_get(out, "connections"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        else
            visible_print(stdout, "connection %s\n  a call does not come back: %s\n",
                          json_string_value(json_object_get(row, "connection")),
                          json_string_value(json_object_get(row, "blocked")));
    }
    rc = command_worse(rc, print_mistakes(out, line->json));
    json_decref(out);
    return rc;
}
