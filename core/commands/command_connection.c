/* SPDX-License-Identifier: MIT
 * koppel connection: how the connections stand, a test of one by steps, and addresses at which
 * systems tell of changes. */
#include "commands/command_connection.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/paper.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static bool is(const json_t *row, const char *name, const char *value)
{
    return strcmp(text_of(row, name), value) == 0;
}

/* ---- test ---- */

static void print_step(const json_t *step)
{
    bool untried = is(step, "outcome", "untried");
    const char *of = text_of(step, "of"), *text = untried ? "not tried" : text_of(step, "text");
    visible_print(stdout, "  %-8s %-15s %s%s%s", untried ? "-" : text_of(step, "outcome"),
                  text_of(step, "step"), of, *of && *text ? ": " : "", text);
    if (!untried)
        printf(" (%lld ms)", (long long)json_integer_value(json_object_get(step, "ms")));
    fputc('\n', stdout);
    const char *setting = text_of(step, "setting"), *advice = text_of(step, "advice");
    if (*setting || *advice)
        visible_print(stdout, "  %-24s %s%s%s%s\n", "", *setting ? "setting " : "", setting,
                      *setting && *advice ? "; " : "", advice);
    fflush(stdout);
}

static int take_step(void *arg, const json_t *step)
{
    const struct command_line *line = arg;
    if (line->json)
        command_print_json(json_incref((json_t *)step));
    else
        print_step(step);
    return 0;
}

static int test(const struct command_line *line)
{
    json_t *out, *value;
    const char *fact;
    if (!line->verbose)
        log_set_level(LOG_ERROR); /* what it meets is told by its step */
    int rc = command_ask(line, "connections.test", json_pack("{s:s}", "connection", line->words[1]),
                         take_step, (void *)line, &out);
    if (rc != EXIT_OK)
        return rc;
    json_object_foreach(json_object_get(out, "facts"), fact, value) {
        if (!line->json)
            visible_print(stdout, "  %s: %s\n", fact, json_string_value(value));
    }
    if (is(out, "outcome", "failed"))
        rc = json_is_true(json_object_get(out, "person")) ? EXIT_CONFIG : EXIT_FAILED;
    else if (is(out, "outcome", "warning"))
        rc = EXIT_PARKED;
    json_decref(out);
    return rc;
}

/* ---- list ---- */

static bool is_well(const json_t *row)
{
    return !is(row, "login", "out") && !is(row, "login", "ended") && is(row, "circuit", "closed") &&
           !*text_of(row, "blocked");
}

static const char *login_of(const json_t *row)
{
    return is(row, "login", "in")      ? "logged in"
           : is(row, "login", "out")   ? "nobody"
           : is(row, "login", "ended") ? "has ended"
           : is(row, "login", "none")  ? "none needed"
                                       : "by settings";
}

static void add_trouble(struct paper *p, const json_t *row, const struct zone *zone)
{
    char since[PAPER_TIME_BYTES];
    if (*text_of(row, "blocked"))
        paper_cell(p, PAPER_BAD, "a call does not come back: %s", text_of(row, "blocked"));
    else if (!is(row, "circuit", "closed"))
        paper_cell(p, PAPER_BAD, "rests since %s: %s",
                   paper_ago_text(text_of(row, "since"), "", zone, since), text_of(row, "why"));
    else if (is(row, "login", "out") || is(row, "login", "ended"))
        paper_cell(p, PAPER_CARE, "log in: koppel connect %s", text_of(row, "connection"));
    else
        paper_cell(p, PAPER_PLAIN, "%s", "");
}

static void print_list(const json_t *rows, const struct zone *zone)
{
    static const char *const heads[] = {"CONNECTION", "CONNECTOR", "LOGIN", "TOKEN", "LOGIN ENDS",
                                        "CERTIFICATE", "ANSWERED", "TROUBLE"};
    static const char *const times[] = {"token_until", "login_until", "certificate_until",
                                        "answered"};
    struct paper p;
    size_t i;
    json_t *row;
    char at[PAPER_TIME_BYTES];
    paper_begin(&p, (int)(sizeof heads / sizeof *heads), heads);
    json_array_foreach(rows, i, row) {
        paper_cell(&p, PAPER_STRONG, "%s", text_of(row, "connection"));
        paper_cell(&p, PAPER_PLAIN, "%s", text_of(row, "connector"));
        paper_cell(&p, is_well(row) ? PAPER_GOOD : PAPER_CARE, "%s", login_of(row));
        for (size_t t = 0; t < sizeof times / sizeof *times; t++)
            paper_cell(&p, PAPER_PLAIN, "%s",
                       paper_ago_text(text_of(row, times[t]), "", zone, at));
        add_trouble(&p, row, zone);
    }
    paper_end(&p, 0);
}

static int list(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "connections.list", json_object(), NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "connections"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        if (!is_well(row))
            rc = command_worse(rc, EXIT_FAILED);
    }
    if (out && !line->json)
        print_list(json_object_get(out, "connections"), command_ask_zone(line));
    json_decref(out);
    return rc;
}

/* ---- addresses for messages ---- */

static int list_hooks(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "hooks.list", json_object(), NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "hooks"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        else
            visible_print(stdout, "%s %s %s%s\n", text_of(row, "connection"),
                          text_of(row, "entity"), text_of(row, "url"),
                          json_is_true(json_object_get(row, "subscribed"))
                              ? " (the system was asked)" : "");
    }
    json_decref(out);
    return rc;
}

static int hook(const struct command_line *line, const char *order)
{
    json_t *out, *in = json_pack("{s:o,s:o}", "connection", command_json_text(line->words[1]),
                                 "entity", command_json_text(line->words[2]));
    int rc = command_ask(line, order, in, NULL, NULL, &out);
    if (rc == EXIT_OK && line->json)
        command_print_json(json_incref(out));
    else if (rc == EXIT_OK && *text_of(out, "secret"))
        visible_print(stdout, "address %s\nsecret  %s\n", text_of(out, "url"),
                      text_of(out, "secret"));
    json_decref(out);
    return rc;
}

int command_connection(const struct command_line *line)
{
    static const char *const what[] = {"list", "test", "hook", "unhook"};
    const char *order = line->words[0];
    if (strcmp(order, "hook") == 0 && line->count == 1)
        return list_hooks(line);
    if (strcmp(order, "hook") == 0 || strcmp(order, "unhook") == 0)
        return line->count == 3 ? hook(line, *order == 'h' ? "hooks.make" : "hooks.remove")
                                : COMMAND_MISUSED;
    if (strcmp(line->words[0], "list") == 0 && line->count == 1)
        return list(line);
    if (strcmp(line->words[0], "test") == 0 && line->count == 2)
        return test(line);
    if (strcmp(line->words[0], "list") != 0 && strcmp(line->words[0], "test") != 0)
        return command_unknown("order", line->words[0], "koppel connection", what, 4);
    return COMMAND_MISUSED;
}
