/* SPDX-License-Identifier: MIT
 * Asks the questions of a step at a terminal. */
#include "commands/setup_prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/visible.h"
#include "commands/paper.h"
#include "commands/setup_choice.h"
#include "commands/setup_print.h"
#include "service/setup_text.h"

#define VALUE_BYTES 400
#define SHOWN_MAX 20 /* choices that are listed unasked */

struct prompt {
    const json_t *step;
    const char *language;
    json_t *answers;
};

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

static bool is(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

/* ---- lines ---- */

/* The next line without its end; the caller frees it. NULL: there are no more. */
static char *read_line(const char *prompt, bool hidden)
{
    struct termios before, now;
    char *line = NULL;
    size_t room = 0;
    hidden = hidden && tcgetattr(STDIN_FILENO, &before) == 0;
    if (hidden) {
        now = before;
        now.c_lflag &= (tcflag_t)~ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &now);
    }
    visible_print(stdout, "%s", prompt);
    fflush(stdout);
    ssize_t n = getline(&line, &room, stdin);
    if (hidden) {
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
        printf("\n");
    }
    if (n < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* ---- values ---- */

/* What holds now: answered here, before, or proposed. NULL: nothing. */
static const json_t *value_of(const struct prompt *p, const json_t *q)
{
    const json_t *here = json_object_get(p->answers, text(q, "name"));
    const json_t *before = json_object_get(q, "value");
    const json_t *found = here ? here : before ? before : json_object_get(q, "default");
    bool none = !found || json_is_null(found) || (json_is_array(found) && !json_array_size(found));
    return none ? NULL : found;
}

static bool is_asked(const struct prompt *p, const json_t *q)
{
    const json_t *requires = json_object_get(q, "requires");
    size_t i;
    json_t *other;
    json_array_foreach(json_object_get(p->step, "questions"), i, other) {
        const json_t *value = value_of(p, other);
        if (requires && strcmp(text(other, "name"), text(requires, "name")) == 0)
            return value && json_is_string(value) &&
                   strcmp(json_string_value(value), text(requires, "value")) == 0;
    }
    return true;
}

static void put(struct prompt *p, const json_t *q, json_t *value_take)
{
    (void)json_object_set_new(p->answers, text(q, "name"), value_take);
}

/* ---- choices ---- */

static json_t *choices_of(const struct prompt *p, const json_t *choices, char *typed)
{
    json_t *list = json_array();
    char *save = NULL;
    for (char *one = strtok_r(typed, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
        size_t bytes;
        char *word = one + (fold_trim(one, &bytes) - one);
        word[bytes] = '\0';
        const char *value = setup_choice_find(p->language, choices, word);
        if (!value) {
            json_decref(list);
            return NULL;
        }
        (void)json_array_append_new(list, json_string_nocheck(value));
    }
    return list;
}

/* ---- one question ---- */

static void print_question(const struct prompt *p, const json_t *q)
{
    const json_t *choices = setup_print_choices(p->step, q);
    size_t i;
    json_t *error;
    json_array_foreach(json_object_get(q, "errors"), i, error)
        paper_print(PAPER_BAD, "! %s: %s\n", text(q, "title"), json_string_value(error));
    if (choices && json_array_size(choices) <= SHOWN_MAX)
        setup_choice_list(choices, "");
}

static char *ask_line(const struct prompt *p, const json_t *q)
{
    char shown[VALUE_BYTES], prompt[VALUE_BYTES + 200];
    json_t *set = is(q, "set") ? setup_text("ui.set", p->language, NULL) : NULL;
    const char *now = set ? json_string_value(set)
                          : setup_print_value(p->step, q, value_of(p, q), p->language, shown,
                                              sizeof shown);
    snprintf(prompt, sizeof prompt, "%.150s%s%s%s: ", text(q, "title"), *now ? " [" : "", now,
             *now ? "]" : "");
    char *line = read_line(prompt, is(q, "secret"));
    json_decref(set);
    return line;
}

/* false: it is to be typed again. */
static bool take_line(struct prompt *p, const json_t *q, char *line)
{
    const json_t *choices = setup_print_choices(p->step, q);
    if (strcmp(line, "-") == 0) {
        put(p, q, json_null());
        return true;
    }
    if (strcmp(text(q, "type"), "boolean") == 0) {
        put(p, q, json_boolean(strchr("yYjJ1t", *line) != NULL));
        return true;
    }
    if (!choices) {
        put(p, q, json_string_nocheck(line));
        return true;
    }
    if (is(q, "many")) {
        json_t *list = choices_of(p, choices, line);
        if (list)
            put(p, q, list);
        return list != NULL;
    }
    const char *value = setup_choice_find(p->language, choices, line);
    if (!value && is(q, "free"))
        value = line;
    if (value)
        put(p, q, json_string_nocheck(value));
    return value != NULL;
}

/* Enter leaves what holds. */
static enum setup_prompt ask_one(struct prompt *p, const json_t *q)
{
    print_question(p, q);
    for (;;) {
        char *line = ask_line(p, q);
        enum setup_prompt said = SETUP_PROMPT_NEXT;
        bool done = true;
        if (!line)
            return SETUP_PROMPT_QUIT;
        if (strcmp(line, "<") == 0)
            said = SETUP_PROMPT_BACK;
        else if (strcmp(line, "?") == 0 && (done = false, true))
            visible_print(stdout, "%s\n", text(q, "help"));
        else if (*line)
            done = take_line(p, q, line);
        explicit_bzero(line, strlen(line));
        free(line);
        if (done)
            return said;
    }
}

/* ---- a form ---- */

static bool lacks(const struct prompt *p, const json_t *q)
{
    return is_asked(p, q) && !is(q, "set") && !value_of(p, q) && is(q, "required");
}

/* Is anything needed that is not there, or wrong? */
static bool is_open(const struct prompt *p, bool *wrong)
{
    size_t i;
    json_t *q;
    bool open = false;
    *wrong = false;
    json_array_foreach(json_object_get(p->step, "questions"), i, q) {
        *wrong = *wrong || json_array_size(json_object_get(q, "errors")) > 0;
        open = open || lacks(p, q);
    }
    return open || *wrong;
}

static enum setup_prompt ask_all(struct prompt *p, bool wrong)
{
    size_t i;
    json_t *q;
    json_array_foreach(json_object_get(p->step, "questions"), i, q) {
        bool skip = wrong && !json_object_get(q, "errors");
        enum setup_prompt said = SETUP_PROMPT_NEXT;
        if (!skip && is_asked(p, q))
            said = ask_one(p, q);
        if (said != SETUP_PROMPT_NEXT)
            return said;
    }
    return SETUP_PROMPT_NEXT;
}

static void list_form(const struct prompt *p)
{
    size_t i;
    json_t *q;
    char shown[VALUE_BYTES];
    json_t *empty = setup_text("ui.empty", p->language, NULL);
    json_t *set = setup_text("ui.set", p->language, NULL);
    json_array_foreach(json_object_get(p->step, "questions"), i, q) {
        const char *value = setup_print_value(p->step, q, value_of(p, q), p->language, shown,
                                              sizeof shown);
        if (is_asked(p, q))
            visible_print(stdout, "  %2zu  %s: %s\n", i + 1, text(q, "title"),
                          is(q, "set") ? json_string_value(set)
                          : *value     ? value
                                       : json_string_value(empty));
    }
    json_decref(empty);
    json_decref(set);
}

static void print_helps(const struct prompt *p)
{
    size_t i;
    json_t *q;
    json_array_foreach(json_object_get(p->step, "questions"), i, q) {
        if (*text(q, "help"))
            visible_print(stdout, "  %2zu  %s: %s\n", i + 1, text(q, "title"), text(q, "help"));
    }
}

static void print_keys(const char *language, const char *enter, const char *keys)
{
    json_t *a = setup_text(enter, language, NULL), *b = setup_text(keys, language, NULL);
    paper_print(PAPER_FAINT, "%s · %s\n", json_string_value(a), json_string_value(b));
    json_decref(a);
    json_decref(b);
}

static enum setup_prompt ask_list(struct prompt *p)
{
    for (;;) {
        char *line, *end;
        list_form(p);
        print_keys(p->language, "ui.enter", "ui.keys");
        if (!(line = read_line("> ", false)))
            return SETUP_PROMPT_QUIT;
        unsigned long number = strtoul(line, &end, 10);
        bool enter = !*line, back = strcmp(line, "<") == 0;
        const json_t *q = end > line ? json_array_get(json_object_get(p->step, "questions"),
                                                      number - 1)
                                     : NULL;
        enum setup_prompt said = SETUP_PROMPT_NEXT;
        if (strcmp(line, "?") == 0)
            print_helps(p);
        else if (q && *end == ' ') /* its value stands behind it */
            (void)take_line(p, q, end + strspn(end, " "));
        else if (q)
            said = ask_one(p, q);
        free(line);
        if (enter || back)
            return enter ? SETUP_PROMPT_NEXT : SETUP_PROMPT_BACK;
        if (said == SETUP_PROMPT_QUIT)
            return said;
    }
}

enum setup_prompt setup_prompt_form(const json_t *step, const char *language, json_t *answers)
{
    struct prompt p = {step, language, answers};
    bool wrong;
    if (is_open(&p, &wrong))
        return ask_all(&p, wrong);
    return ask_list(&p);
}

/* ---- a table ---- */

static void list_table(const struct prompt *p)
{
    static const char *const heads[] = {">", "", "", ""};
    size_t i;
    json_t *q;
    struct paper paper;
    paper_begin(&paper, 4, heads);
    json_array_foreach(json_object_get(p->step, "questions"), i, q) {
        char shown[VALUE_BYTES];
        const json_t *value = value_of(p, q);
        bool own = json_object_get(p->answers, text(q, "name")) != NULL;
        const char *single = json_string_value(value);
        setup_print_value(p->step, q, value, p->language, shown, sizeof shown);
        paper_cell(&paper, PAPER_FAINT, "%zu", i + 1);
        paper_cell(&paper, PAPER_PLAIN, "%s", text(q, "title"));
        paper_cell(&paper, value ? PAPER_GOOD : PAPER_CARE, "-> %s%s%s", single ? single : "?",
                   single && strcmp(single, shown) != 0 ? "  " : "",
                   single && strcmp(single, shown) != 0 ? shown : "");
        paper_cell(&paper, PAPER_FAINT, "%s", own ? "" : text(q, "because"));
    }
    paper_end(&paper, 2);
}

/* "2", "2-4", "2,5-7" or "*"; calls for each row. false: it is none of these. */
static bool set_rows(struct prompt *p, const char *rows, const char *value)
{
    const json_t *questions = json_object_get(p->step, "questions");
    size_t count = json_array_size(questions);
    for (const char *at = rows; *at;) {
        char *end;
        unsigned long from = 1, to = count;
        if (*at == '*') {
            at++;
        } else {
            from = to = strtoul(at, &end, 10);
            if (end == at)
                return false;
            if (*end == '-')
                to = strtoul(end + 1, &end, 10);
            at = end;
        }
        if (from < 1 || to > count || (*at && *at != ','))
            return false;
        for (unsigned long i = from; i <= to; i++)
            put(p, json_array_get(questions, i - 1),
                *value ? json_string_nocheck(value) : json_null());
        at += *at == ',';
    }
    return true;
}

/* ROWS CHOICE */
static void take_rows(struct prompt *p, char *line)
{
    char *blank = strchr(line, ' ');
    const json_t *choices = json_object_get(p->step, "choices");
    char *typed = blank ? blank + 1 + strspn(blank + 1, " ") : NULL;
    if (blank)
        *blank = '\0';
    if (!typed) {
        char *end;
        unsigned long row = strtoul(line, &end, 10);
        const json_t *q = *end ? NULL : json_array_get(json_object_get(p->step, "questions"),
                                                       row - 1);
        if (q)
            (void)ask_one(p, q);
        return;
    }
    const char *value = strcmp(typed, "-") == 0 ? ""
                        : choices               ? setup_choice_find(p->language, choices, typed)
                                                : typed;
    if (value && !set_rows(p, line, value))
        setup_print_words("ui.keys_table", p->language);
}

static void tell_left(const struct prompt *p)
{
    size_t i;
    json_t *q;
    char digits[24];
    int left = 0;
    json_array_foreach(json_object_get(p->step, "questions"), i, q)
        left += value_of(p, q) == NULL;
    snprintf(digits, sizeof digits, "%d", left);
    json_t *words = setup_text("ui.left", p->language, json_pack("{s:s}", "count", digits));
    if (left > 0)
        visible_print(stdout, "%s\n", json_string_value(words));
    json_decref(words);
}

enum setup_prompt setup_prompt_table(const json_t *step, const char *language, json_t *answers)
{
    struct prompt p = {step, language, answers};
    for (;;) {
        list_table(&p);
        print_keys(language, "ui.enter", "ui.keys_table");
        char *line = read_line("> ", false);
        if (!line)
            return SETUP_PROMPT_QUIT;
        bool enter = !*line, back = strcmp(line, "<") == 0;
        if (strcmp(line, "?") == 0)
            visible_print(stdout, "%s\n", text(step, "text"));
        else if (*line == 'l')
            setup_choice_list(json_object_get(step, "choices"), line + 1 + strspn(line + 1, " "));
        else if (!enter && !back)
            take_rows(&p, line);
        free(line);
        if (enter)
            tell_left(&p);
        if (enter || back)
            return enter ? SETUP_PROMPT_NEXT : SETUP_PROMPT_BACK;
    }
}

/* ---- without questions ---- */

enum setup_prompt setup_prompt_enter(const char *language, const char *key, bool again)
{
    print_keys(language, key, again ? "ui.again" : "ui.back");
    char *line = read_line("> ", false);
    if (!line)
        return SETUP_PROMPT_QUIT;
    enum setup_prompt said = strcmp(line, "<") == 0            ? SETUP_PROMPT_BACK
                             : again && strcmp(line, "a") == 0 ? SETUP_PROMPT_AGAIN
                                                               : SETUP_PROMPT_NEXT;
    free(line);
    return said;
}

enum setup_prompt setup_prompt_either(const char *language, const char *first, const char *second,
                                      bool *is_second)
{
    json_t *a = setup_text(first, language, NULL), *b = setup_text(second, language, NULL);
    visible_print(stdout, "  1  %s\n  2  %s\n", json_string_value(a), json_string_value(b));
    json_decref(a);
    json_decref(b);
    char *line = read_line("[1] > ", false);
    if (!line)
        return SETUP_PROMPT_QUIT;
    bool back = strcmp(line, "<") == 0;
    *is_second = strcmp(line, "2") == 0;
    free(line);
    return back ? SETUP_PROMPT_BACK : SETUP_PROMPT_NEXT;
}
