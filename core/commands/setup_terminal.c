/* SPDX-License-Identifier: MIT
 * The set-up at a terminal: shows a step, asks, and goes on, until it is saved. */
#include "commands/setup_terminal.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/setup_browser.h"
#include "commands/setup_print.h"
#include "commands/setup_prompt.h"

struct talk {
    const struct command_line *line;
    const char *language;
    json_t *step;
};

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

/* What comes back takes the place of the step. */
static int ask(struct talk *t, const char *row, json_t *more_take)
{
    json_t *next = NULL;
    json_t *in = json_pack("{s:O,s:s}", "setup", json_object_get(t->step, "setup"), "lang",
                           t->language);
    (void)json_object_update(in, more_take);
    json_decref(more_take);
    int rc = command_ask(t->line, row, in, NULL, NULL, &next);
    if (rc != EXIT_OK)
        return rc;
    json_decref(t->step);
    t->step = next;
    return EXIT_OK;
}

static int answer(struct talk *t, json_t *answers_take)
{
    return ask(t, "setup.answer",
               json_pack("{s:O,s:o}", "step", json_object_get(t->step, "step"), "answers",
                         answers_take));
}

static int show(struct talk *t, const char *step)
{
    return *step ? ask(t, "setup.show", json_pack("{s:s}", "step", step)) : EXIT_OK;
}

/* ---- kinds of steps ---- */

static int take_form(struct talk *t, bool table, bool *over)
{
    json_t *answers = json_object();
    enum setup_prompt said = table ? setup_prompt_table(t->step, t->language, answers)
                                   : setup_prompt_form(t->step, t->language, answers);
    *over = said == SETUP_PROMPT_QUIT;
    if (said == SETUP_PROMPT_NEXT)
        return answer(t, answers);
    json_decref(answers);
    return said == SETUP_PROMPT_BACK ? show(t, text(t->step, "before")) : EXIT_OK;
}

static int take_login(struct talk *t, bool *over)
{
    bool in = json_is_true(json_object_get(json_object_get(t->step, "login"), "in"));
    bool elsewhere = false;
    enum setup_prompt said = in ? setup_prompt_enter(t->language, "ui.enter", false)
                                : setup_prompt_either(t->language, "ui.here", "ui.elsewhere",
                                                      &elsewhere);
    *over = said == SETUP_PROMPT_QUIT;
    if (said == SETUP_PROMPT_BACK)
        return show(t, text(t->step, "before"));
    if (said == SETUP_PROMPT_NEXT && in)
        return answer(t, json_object());
    if (said == SETUP_PROMPT_NEXT)
        return setup_browser_log_in(t->line, t->language, !elsewhere, &t->step);
    return EXIT_OK;
}

/* What did not work is mended where it was typed. */
static int take_test(struct talk *t, bool *over)
{
    const char *outcome = text(json_object_get(t->step, "test"), "outcome");
    bool failed = strcmp(outcome, "failed") == 0;
    if (strcmp(outcome, "ok") == 0 && !json_object_get(t->step, "errors"))
        return answer(t, json_object()); /* there is nothing to decide */
    enum setup_prompt said = setup_prompt_enter(t->language, failed ? "ui.mend" : "ui.enter", true);
    *over = said == SETUP_PROMPT_QUIT;
    if (said == SETUP_PROMPT_AGAIN)
        return answer(t, json_pack("{s:b}", "again", 1));
    if (said == SETUP_PROMPT_BACK || (said == SETUP_PROMPT_NEXT && failed))
        return show(t, failed ? text(t->step, "fix") : text(t->step, "before"));
    return said == SETUP_PROMPT_NEXT ? answer(t, json_object()) : EXIT_OK;
}

static int take_preview(struct talk *t, bool *over)
{
    enum setup_prompt said = setup_prompt_enter(t->language, "ui.enter", true);
    *over = said == SETUP_PROMPT_QUIT;
    if (said == SETUP_PROMPT_BACK)
        return show(t, text(t->step, "before"));
    return said == SETUP_PROMPT_AGAIN  ? answer(t, json_pack("{s:b}", "again", 1))
           : said == SETUP_PROMPT_NEXT ? answer(t, json_object())
                                       : EXIT_OK;
}

static int take_review(struct talk *t, bool *over)
{
    enum setup_prompt said = setup_prompt_enter(t->language, "ui.save", false);
    *over = said == SETUP_PROMPT_QUIT;
    if (said == SETUP_PROMPT_BACK)
        return show(t, text(t->step, "before"));
    return said == SETUP_PROMPT_NEXT ? ask(t, "setup.save", json_object()) : EXIT_OK;
}

static int take_step(struct talk *t, bool *over)
{
    const char *kind = text(t->step, "kind");
    if (strcmp(kind, "login") == 0)
        return take_login(t, over);
    if (strcmp(kind, "test") == 0)
        return take_test(t, over);
    if (strcmp(kind, "preview") == 0)
        return take_preview(t, over);
    if (strcmp(kind, "review") == 0)
        return take_review(t, over);
    return take_form(t, strcmp(kind, "table") == 0, over);
}

/* ---- the end ---- */

/* Where no engine serves the flows begin with one run, as the review says. */
static int run_once(struct talk *t)
{
    const json_t *done = json_object_get(t->step, "done");
    json_t *out = NULL, *row;
    size_t i;
    if (json_is_true(json_object_get(done, "running")))
        return EXIT_OK;
    int rc = command_ask(t->line, "flows.run",
                         json_pack("{s:O}", "flows", json_object_get(done, "flows")), NULL, NULL,
                         &out);
    json_array_foreach(json_object_get(out, "flows"), i, row)
        visible_print(stdout, "%s: %lld read, %lld done, %lld skipped, %lld parked\n",
                      text(row, "flow"),
                      (long long)json_integer_value(json_object_get(row, "read")),
                      (long long)json_integer_value(json_object_get(row, "done")),
                      (long long)json_integer_value(json_object_get(row, "skipped")),
                      (long long)json_integer_value(json_object_get(row, "parked")));
    json_decref(out);
    return rc;
}

int setup_terminal_run(const struct command_line *line, const char *language)
{
    struct talk t = {line, language, NULL};
    bool over = false;
    int rc = command_ask(line, "setup.begin", json_pack("{s:s}", "lang", language), NULL, NULL,
                         &t.step);
    while (rc == EXIT_OK && !over) {
        setup_print_head(t.step);
        setup_print_body(t.step);
        if (strcmp(text(t.step, "kind"), "done") == 0)
            break;
        rc = take_step(&t, &over);
    }
    if (over || (rc != EXIT_OK && t.step))
        setup_print_words("ui.later", language);
    if (rc == EXIT_OK && !over)
        rc = run_once(&t);
    json_decref(t.step);
    return rc;
}
