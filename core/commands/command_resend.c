/* SPDX-License-Identifier: MIT
 * koppel sync FLOW --resend: what a changed mapping would change of what was delivered, and with
 * --yes that. */
#include "commands/command_resend.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_again.h"
#include "commands/command_ask.h"
#include "commands/list_bar.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static long long number_of(const json_t *row, const char *name)
{
    return (long long)json_integer_value(json_object_get(row, name));
}

static void print_example(const json_t *row)
{
    size_t i;
    const json_t *one;
    const char *number = text_of(row, "number");
    visible_print(stdout, "    %s: %s%s%s\n", *number ? number : text_of(row, "key"),
                  text_of(row, "outcome"), *text_of(row, "detail") ? ": " : "",
                  text_of(row, "detail"));
    json_array_foreach(json_object_get(row, "differs"), i, one)
        visible_print(stdout, "      %s: %s -> %s\n", text_of(one, "field"), text_of(one, "was"),
                      text_of(one, "now"));
}

static void print_plan(const struct command_line *line, const json_t *plan)
{
    size_t i;
    const json_t *row;
    visible_print(stdout, "flow %s: %lld records, %lld of them delivered\n", line->words[0],
                  number_of(plan, "looked"), number_of(plan, "delivered"));
    visible_print(stdout, "  %8lld would change at the destination\n", number_of(plan, "differ"));
    visible_print(stdout, "  %8lld are there as they should be\n", number_of(plan, "same"));
    visible_print(stdout,
                  "  %8lld differ, and the flow's setting on_change leaves that to a person\n",
                  number_of(plan, "held"));
    visible_print(stdout, "  %8lld cannot be made any more\n", number_of(plan, "cannot"));
    visible_print(stdout, "  %8lld are left out now, or in doubt\n", number_of(plan, "left"));
    if (json_array_size(json_object_get(plan, "fields")) > 0)
        visible_print(stdout, "what differs, and in how many records:\n");
    json_array_foreach(json_object_get(plan, "fields"), i, row)
        visible_print(stdout, "  %8lld %s\n", number_of(row, "count"), text_of(row, "field"));
    if (json_array_size(json_object_get(plan, "examples")) > 0)
        visible_print(stdout, "some of them:\n");
    json_array_foreach(json_object_get(plan, "examples"), i, row)
        print_example(row);
    if (number_of(plan, "differ") > 0 && !line->yes)
        visible_print(stdout, "to send what would change: koppel sync %s --resend --yes\n",
                      line->words[0]);
}

static int send(const struct command_line *line, const json_t *plan)
{
    struct command_again_bar bar;
    json_t *out = NULL;
    json_t *in = json_pack("{s:s,s:O}", "flow", line->words[0], "keys",
                           json_object_get(plan, "keys"));
    if (in && line->wait_s >= 0)
        (void)json_object_set_new(in, "wait_ms", json_integer(line->wait_s * (json_int_t)1000));
    command_again_begin(&bar, line);
    int rc = command_ask(line, "flows.again", in, command_again_progress, &bar, &out);
    command_again_end(&bar);
    rc = command_worse(rc, command_again_print(line, out));
    json_decref(out);
    return rc;
}

int command_resend(const struct command_line *line)
{
    struct list_bar bar;
    json_t *out = NULL;
    if (line->count != 1 || line->all || line->keys)
        return COMMAND_MISUSED;
    json_t *in = json_pack("{s:s,s:s*}", "flow", line->words[0], "since", line->since);
    list_bar_begin(&bar, line);
    int rc = command_ask(line, "flows.resend", in, list_bar_progress, &bar, &out);
    list_bar_end(&bar);
    if (!out)
        return rc;
    if (line->json)
        command_print_json(json_incref(out));
    else
        print_plan(line, out);
    fflush(stdout);
    long long differ = number_of(out, "differ");
    if (number_of(out, "held") > 0 || number_of(out, "cannot") > 0 || (differ > 0 && !line->yes))
        rc = command_worse(rc, EXIT_PARKED);
    if (differ > 0 && line->yes)
        rc = command_worse(rc, send(line, out));
    json_decref(out);
    return rc;
}
