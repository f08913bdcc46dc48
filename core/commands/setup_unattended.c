/* SPDX-License-Identifier: MIT
 * The set-up without a person. */
#include "commands/setup_unattended.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/record_file.h"
#include "commands/setup_browser.h"

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

/* ---- a file of answers ---- */

/* Tells every error of the step; how many there are. */
static int tell_errors(const json_t *step)
{
    size_t i, k;
    json_t *q, *error;
    int count = 0;
    json_array_foreach(json_object_get(step, "errors"), k, error) {
        visible_print(stderr, "koppel: %s: %s\n", text(step, "step"), json_string_value(error));
        count++;
    }
    json_array_foreach(json_object_get(step, "questions"), i, q) {
        json_array_foreach(json_object_get(q, "errors"), k, error) {
            visible_print(stderr, "koppel: %s: %s (%s): %s\n", text(step, "step"), text(q, "name"),
                          text(q, "title"), json_string_value(error));
            count++;
        }
    }
    return count;
}

static bool test_failed(const json_t *step)
{
    const json_t *test = json_object_get(step, "test");
    size_t i;
    json_t *row;
    if (strcmp(text(test, "outcome"), "failed") != 0)
        return false;
    json_array_foreach(json_object_get(test, "steps"), i, row) {
        if (strcmp(text(row, "outcome"), "failed") == 0)
            visible_print(stderr, "koppel: %s: %s: %s%s%s\n", text(step, "step"), text(row, "step"),
                          text(row, "text"), *text(row, "advice") ? "; " : "", text(row, "advice"));
    }
    return true;
}

/* One answered step; *step: what follows. */
static int answer_one(const struct command_line *line, const char *language, json_t *given,
                      json_t **step)
{
    const char *kind = text(*step, "kind");
    json_t *next = NULL, *answers = json_object_get(given, text(*step, "step"));
    bool in = json_is_true(json_object_get(json_object_get(*step, "login"), "in"));
    if (strcmp(kind, "login") == 0 && !in) {
        int rc = setup_browser_log_in(line, language, true, step);
        return rc == EXIT_OK && tell_errors(*step) > 0 ? EXIT_FAILED : rc;
    }
    if (test_failed(*step))
        return EXIT_FAILED;
    int rc = command_ask(line, "setup.answer",
                         json_pack("{s:O,s:O,s:s,s:O*}", "setup", json_object_get(*step, "setup"),
                                   "step", json_object_get(*step, "step"), "lang", language,
                                   "answers", answers),
                         NULL, NULL, &next);
    if (answers)
        (void)json_object_del(given, text(*step, "step"));
    if (rc != EXIT_OK)
        return rc;
    json_decref(*step);
    *step = next;
    return tell_errors(next) > 0 ? EXIT_CONFIG : EXIT_OK;
}

static int save(const struct command_line *line, const char *language, json_t **step)
{
    json_t *next = NULL;
    int rc = command_ask(line, "setup.save",
                         json_pack("{s:O,s:s}", "setup", json_object_get(*step, "setup"), "lang",
                                   language),
                         NULL, NULL, &next);
    if (rc != EXIT_OK)
        return rc;
    json_decref(*step);
    *step = next;
    if (tell_errors(next) > 0)
        return EXIT_CONFIG;
    visible_print(stdout, "%s\n", text(next, "text"));
    return EXIT_OK;
}

/* An answer that nobody asked for is a slip of whoever wrote it. */
static int check_left(const json_t *given)
{
    const char *name;
    json_t *value;
    int rc = EXIT_OK;
    json_object_foreach((json_t *)given, name, value) {
        visible_print(stderr, "koppel: no step \"%s\" was asked; nothing was saved\n", name);
        rc = EXIT_USAGE;
    }
    return rc;
}

static json_t *read_answers(const char *file)
{
    struct json_read_error where;
    char *bytes = record_file_bytes(file);
    json_t *given = bytes ? json_read_text(bytes, &where) : NULL;
    if (bytes && !json_is_object(given))
        visible_print(stderr, "koppel: %s: %s\n", file,
                      given ? "it is no object of steps" : where.text);
    free(bytes);
    if (json_is_object(given))
        return given;
    json_decref(given);
    return NULL;
}

int setup_unattended_file(const struct command_line *line, const char *language)
{
    json_t *given = read_answers(line->answers), *step = NULL, *gone = NULL;
    if (!given)
        return EXIT_USAGE;
    int rc = command_ask(line, "setup.begin",
                         json_pack("{s:s,s:b}", "lang", language, "anew", 1), NULL, NULL, &step);
    json_t *number = json_incref(json_object_get(step, "setup"));
    while (rc == EXIT_OK && strcmp(text(step, "kind"), "review") != 0)
        rc = answer_one(line, language, given, &step);
    if (rc == EXIT_OK)
        rc = check_left(given);
    if (rc == EXIT_OK)
        rc = save(line, language, &step);
    else if (number)
        (void)command_ask(line, "setup.drop", json_pack("{s:O}", "setup", number), NULL, NULL,
                          &gone);
    json_decref(gone);
    json_decref(number);
    json_decref(step);
    json_decref(given);
    return rc;
}

/* ---- another program ---- */

static int obey(const struct command_line *line, const char *language, const json_t *order,
                const json_t *step, json_t **next)
{
    json_t *in = json_pack("{s:O,s:s}", "setup", json_object_get(step, "setup"), "lang", language);
    json_t *answers = json_object_get(order, "answers"), *earlier = json_object_get(order, "step");
    if (json_is_true(json_object_get(order, "save")))
        return command_ask(line, "setup.save", in, NULL, NULL, next);
    if (answers) {
        (void)json_object_set(in, "step", json_object_get(step, "step"));
        (void)json_object_set(in, "answers", answers);
        return command_ask(line, "setup.answer", in, NULL, NULL, next);
    }
    if (earlier)
        (void)json_object_set(in, "step", earlier);
    return command_ask(line, "setup.show", in, NULL, NULL, next);
}

int setup_unattended_json(const struct command_line *line, const char *language)
{
    json_t *step = NULL;
    char *bytes = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = command_ask(line, "setup.begin", json_pack("{s:s}", "lang", language), NULL, NULL,
                         &step);
    if (rc != EXIT_OK)
        return rc;
    command_print_json(json_incref(step));
    fflush(stdout);
    while (strcmp(text(step, "kind"), "done") != 0 && (n = getline(&bytes, &room, stdin)) > 0) {
        struct json_read_error where;
        json_t *order = json_read(bytes, (size_t)n, NULL, &where), *next = NULL;
        if (!json_is_object(order))
            visible_print(stderr, "koppel: %s\n", order ? "it is no object" : where.text);
        else
            rc = obey(line, language, order, step, &next);
        json_decref(order);
        if (next) {
            json_decref(step);
            step = next;
        }
        command_print_json(json_incref(step));
        fflush(stdout);
    }
    free(bytes);
    json_decref(step);
    return rc;
}
