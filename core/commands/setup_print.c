/* SPDX-License-Identifier: MIT
 * How the steps of a set-up look at a terminal. */
#include "commands/setup_print.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/paper.h"
#include "service/setup_text.h"

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

void setup_print_words(const char *key, const char *language)
{
    json_t *words = setup_text(key, language, NULL);
    visible_print(stdout, "%s\n", json_string_value(words));
    json_decref(words);
}

void setup_print_head(const json_t *step)
{
    size_t i;
    json_t *error;
    paper_print(PAPER_FAINT, "\n[%d/%d] ", (int)json_integer_value(json_object_get(step, "at")),
                (int)json_integer_value(json_object_get(step, "of")));
    paper_print(PAPER_STRONG, "%s\n", text(step, "title"));
    if (*text(step, "text"))
        visible_print(stdout, "%s\n", text(step, "text"));
    json_array_foreach(json_object_get(step, "errors"), i, error)
        paper_print(PAPER_BAD, "! %s\n", json_string_value(error));
}

/* ---- test ---- */

static void print_test(const json_t *test)
{
    static const struct {
        const char *outcome, *sign;
        enum paper_tone tone;
    } looks[] = {{"ok", "ok  ", PAPER_GOOD}, {"warning", "see ", PAPER_CARE},
                 {"failed", "FAIL", PAPER_BAD}, {"untried", "-   ", PAPER_FAINT}};
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(test, "steps"), i, row) {
        for (size_t k = 0; k < sizeof looks / sizeof *looks; k++) {
            if (strcmp(looks[k].outcome, text(row, "outcome")) == 0)
                paper_print(looks[k].tone, "  %s ", looks[k].sign);
        }
        visible_print(stdout, "%s %s  %s\n", text(row, "step"), text(row, "of"), text(row, "text"));
        if (*text(row, "advice"))
            visible_print(stdout, "       -> %s%s%s\n",
                          text(row, *text(row, "title") ? "title" : "setting"),
                          *text(row, "setting") ? ": " : "", text(row, "advice"));
    }
}

/* ---- dry run ---- */

static void print_record(struct paper *p, const json_t *row)
{
    const char *outcome = text(row, "outcome");
    bool waits = strcmp(outcome, "parked") == 0 || strcmp(outcome, "failed") == 0;
    const char *reference = text(row, "reference");
    paper_cell(p, waits ? PAPER_CARE : PAPER_GOOD, "%s", outcome);
    paper_cell(p, PAPER_STRONG, "%s", *reference ? reference : text(row, "key"));
    paper_cell(p, PAPER_PLAIN, "%s", text(row, "date"));
    paper_cell(p, PAPER_PLAIN, "%s", text(row, "name"));
    paper_cell(p, PAPER_PLAIN, "%s", text(row, "total"));
    paper_cell(p, PAPER_FAINT, "%s", text(row, "detail"));
}

static void print_preview(const json_t *preview)
{
    static const char *const heads[] = {"", "", "", "", ">", ""};
    size_t i, k;
    json_t *flow, *row;
    json_array_foreach(json_object_get(preview, "flows"), i, flow) {
        struct paper p;
        paper_print(PAPER_STRONG, "%s\n", text(flow, "flow"));
        paper_begin(&p, 6, heads);
        json_array_foreach(json_object_get(flow, "rows"), k, row)
            print_record(&p, row);
        paper_end(&p, 2);
        if (*text(flow, "error"))
            paper_print(PAPER_BAD, "  ! %s\n", text(flow, "error"));
    }
}

/* ---- files ---- */

static void print_files(const json_t *files)
{
    size_t i;
    json_t *file;
    json_array_foreach(files, i, file) {
        paper_print(PAPER_STRONG, "--- %s\n", text(file, "path"));
        visible_print(stdout, "%s", text(file, "text"));
        if (json_is_true(json_object_get(file, "sealed")))
            visible_print(stdout, "\n");
    }
}

void setup_print_body(const json_t *step)
{
    if (json_object_get(step, "test"))
        print_test(json_object_get(step, "test"));
    if (json_object_get(step, "preview"))
        print_preview(json_object_get(step, "preview"));
    if (json_object_get(step, "files"))
        print_files(json_object_get(step, "files"));
}

/* ---- values ---- */

const json_t *setup_print_choices(const json_t *step, const json_t *question)
{
    const json_t *own = json_object_get(question, "choices");
    if (own || strcmp(text(question, "type"), "choice") != 0)
        return own;
    return json_object_get(step, "choices");
}

static const char *title_of(const json_t *choices, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)choices, i, one) {
        if (strcmp(text(one, "value"), value) == 0)
            return text(one, "title");
    }
    return value;
}

const char *setup_print_value(const json_t *step, const json_t *question, const json_t *value,
                              const char *language, char *out, size_t room)
{
    const json_t *choices = setup_print_choices(step, question);
    size_t i, n = 0;
    json_t *one;
    const char *single = json_string_value(value);
    json_t *word = json_is_boolean(value) ? setup_text(json_is_true(value) ? "value.true"
                                                                           : "value.false",
                                                       language, NULL)
                                          : NULL;
    out[0] = '\0';
    if (word)
        snprintf(out, room, "%s", json_string_value(word));
    else if (single)
        snprintf(out, room, "%s", title_of(choices, single));
    json_decref(word);
    json_array_foreach((json_t *)value, i, one) {
        n = strlen(out);
        snprintf(out + n, room - n, "%s%s", i ? ", " : "",
                 title_of(choices, json_string_value(one)));
    }
    return out;
}
