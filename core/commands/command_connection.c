/* SPDX-License-Identifier: MIT
 * koppel connection: how the connections stand, and a test of one by steps. */
#include "commands/command_connection.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/visible.h"
#include "commands/command_ask.h"

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

static void print_part(const char *before, const char *text)
{
    if (*text)
        visible_print(stdout, "%s%s", before, text);
}

static void print_connection(const json_t *row)
{
    const char *login = is(row, "login", "in")      ? "logged in"
                        : is(row, "login", "out")   ? "nobody is logged in"
                        : is(row, "login", "ended") ? "its login has ended"
                        : is(row, "login", "none")  ? "no login needed"
                                                    : "logs in by its settings";
    visible_print(stdout, "%-12s %-12s %s", text_of(row, "connection"), text_of(row, "connector"),
                  login);
    print_part(", token until ", text_of(row, "token_until"));
    print_part(", login until ", text_of(row, "login_until"));
    print_part("; certificate until ", text_of(row, "certificate_until"));
    print_part("; answered ", text_of(row, "answered"));
    fputc('\n', stdout);
    if (!is(row, "circuit", "closed"))
        visible_print(stdout, "  it rests since %s: %s\n", text_of(row, "since"),
                      text_of(row, "why"));
    if (*text_of(row, "blocked"))
        visible_print(stdout, "  a call does not come back: %s\n", text_of(row, "blocked"));
}

static bool is_well(const json_t *row)
{
    return !is(row, "login", "out") && !is(row, "login", "ended") && is(row, "circuit", "closed") &&
           !*text_of(row, "blocked");
}

static int list(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "connections.list", json_object(), NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "connections"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        else
            print_connection(row);
        if (!is_well(row))
            rc = command_worse(rc, EXIT_FAILED);
    }
    json_decref(out);
    return rc;
}

int command_connection(const struct command_line *line)
{
    static const char *const what[] = {"list", "test"};
    if (strcmp(line->words[0], "list") == 0 && line->count == 1)
        return list(line);
    if (strcmp(line->words[0], "test") == 0 && line->count == 2)
        return test(line);
    if (strcmp(line->words[0], "list") != 0 && strcmp(line->words[0], "test") != 0)
        return command_unknown("order", line->words[0], "koppel connection", what, 2);
    return COMMAND_MISUSED;
}
