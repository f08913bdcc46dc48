/* SPDX-License-Identifier: MIT
 * Questions of a step as data. */
#include "service/setup_question.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/fold.h"
#include "service/setup_text.h"

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found ? found : "";
}

static bool is(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

/* ---- made ---- */

json_t *setup_question_add(json_t *step, const char *name, const char *type, json_t *title_take,
                           json_t *help_take)
{
    json_t *q = json_pack("{s:s,s:s,s:o}", "name", name, "type", type, "title", title_take);
    setup_question_put(q, "help", help_take);
    if (!json_object_get(step, "questions"))
        (void)json_object_set_new(step, "questions", json_array());
    (void)json_array_append_new(json_object_get(step, "questions"), q);
    return q;
}

void setup_question_put(json_t *question, const char *name, json_t *value_take)
{
    if (value_take)
        (void)json_object_set_new(question, name, value_take);
}

void setup_question_choice(json_t *question, const char *value, json_t *title_take)
{
    if (!json_object_get(question, "choices"))
        (void)json_object_set_new(question, "choices", json_array());
    (void)json_array_append_new(json_object_get(question, "choices"),
                                json_pack("{s:o,s:o}", "value", json_string_nocheck(value), "title",
                                          title_take));
}

static const json_t *named(const json_t *list, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        if (strcmp(text(one, "name"), name) == 0)
            return one;
    }
    return NULL;
}

json_t *setup_question_add_setting(const struct setup_work *w, json_t *step,
                                   const struct cat_setting *s, const json_t *list)
{
    static const char *const types[] = {"text", "url", "integer", "boolean", "duration", "choice",
                                        "decimal", "expression", "date"};
    const json_t *json = named(list, s->name);
    const char *title = catalogue_words(json_object_get(json, "title"), w->language);
    const char *help = catalogue_words(json_object_get(json, "help"), w->language);
    json_t *q = setup_question_add(step, s->name, types[s->type],
                                   json_string_nocheck(title ? title : s->title),
                                   json_string_nocheck(help ? help : s->help));
    if (!s->required && !s->ask)
        setup_question_put(q, "rare", json_true());
    if (s->required)
        setup_question_put(q, "required", json_true());
    if (s->secret)
        setup_question_put(q, "secret", json_true());
    if (s->many)
        setup_question_put(q, "many", json_true());
    if (s->fallback && s->type == SETTING_BOOLEAN)
        setup_question_put(q, "default", json_boolean(strcmp(s->fallback, "true") == 0));
    else if (s->fallback && *s->fallback)
        setup_question_put(q, "default", json_string_nocheck(s->fallback));
    for (int i = 0; i < s->value_count; i++) {
        char key[96];
        snprintf(key, sizeof key, "value.%.80s", s->values[i]);
        json_t *words = setup_text_raw(key, w->language)
                            ? setup_text(key, w->language, NULL)
                            : json_string_nocheck(s->values[i]);
        setup_question_choice(q, s->values[i], words);
    }
    if (s->type == SETTING_EXPRESSION)
        setup_question_put(q, "free", json_true());
    return q;
}

void setup_question_before(const struct setup_work *w, const char *step, json_t *q)
{
    json_t *before = json_object_get(setup_draft_answers(&w->draft, step), text(q, "name"));
    if (is(q, "secret")) {
        if (before)
            setup_question_put(q, "set", json_true());
        return;
    }
    if (before)
        (void)json_object_set(q, "value", before);
    else if (setup_draft_answers(&w->draft, step) && is(q, "required") == false)
        setup_question_put(q, "value", json_null()); /* it was left empty */
}

/* ---- wrong ---- */

static json_t *question_of(const json_t *step, const char *name)
{
    return (json_t *)named(json_object_get(step, "questions"), name);
}

void setup_question_wrong(json_t *step, const char *name, json_t *text_take)
{
    json_t *q = name ? question_of(step, name) : NULL, *at = q ? q : step;
    if (!json_object_get(at, "errors"))
        (void)json_object_set_new(at, "errors", json_array());
    (void)json_array_append_new(json_object_get(at, "errors"), text_take);
}

bool setup_question_has_wrong(const json_t *step)
{
    size_t i;
    json_t *q;
    if (json_array_size(json_object_get(step, "errors")) > 0)
        return true;
    json_array_foreach(json_object_get(step, "questions"), i, q) {
        if (json_array_size(json_object_get(q, "errors")) > 0)
            return true;
    }
    return false;
}

void setup_question_blame(json_t *step, const json_t *mistakes, const char *prefix)
{
    size_t i, n = strlen(prefix);
    json_t *m;
    json_array_foreach((json_t *)mistakes, i, m) {
        char name[128] = "";
        const char *path = text(m, "path");
        if (is(m, "warning"))
            continue;
        if (strncmp(path, prefix, n) == 0)
            snprintf(name, sizeof name, "%.*s", (int)strcspn(path + n, "/"), path + n);
        if (*name && question_of(step, name))
            setup_question_wrong(step, name, json_string_nocheck(text(m, "text")));
        else
            setup_question_wrong(step, NULL,
                                 json_sprintf("%s:%d: %s", text(m, "file"),
                                              (int)json_integer_value(json_object_get(m, "line")),
                                              text(m, "text")));
    }
}

/* ---- answers ---- */

static json_t *says(const struct setup_work *w, const char *key, const char *value)
{
    return setup_text(key, w->language, json_pack("{s:o}", "value", json_string_nocheck(value)));
}

static bool is_choice(const json_t *choices, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)choices, i, one) {
        if (strcmp(text(one, "value"), value) == 0)
            return true;
    }
    return false;
}

/* NULL: the text has the form of the question's type; else the key of what is said. */
static const char *fault_of(const json_t *q, const char *value)
{
    const char *type = text(q, "type");
    struct decimal decimal;
    struct date date;
    char *end;
    errno = 0;
    if (strcmp(type, "integer") == 0)
        return (void)strtoll(value, &end, 10), errno || *end ? "error.number" : NULL;
    if (strcmp(type, "decimal") == 0)
        return decimal_parse(value, &decimal) != 0 ? "error.decimal" : NULL;
    if (strcmp(type, "date") == 0)
        return date_parse(value, &date, NULL) != 0 ? "error.date" : NULL;
    return NULL;
}

/* One text, trimmed, as it is kept. NULL: it is empty. */
static json_t *one_text(const json_t *given)
{
    char digits[32];
    const char *value = json_string_value(given);
    size_t bytes;
    if (json_is_integer(given)) {
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
        value = digits;
    }
    if (json_is_boolean(given))
        value = json_is_true(given) ? "true" : "false";
    if (!value)
        return NULL;
    const char *start = fold_trim(value, &bytes);
    return bytes > 0 ? json_stringn_nocheck(start, bytes) : NULL;
}

static void append_text(json_t *list, const json_t *given)
{
    json_t *one = one_text(given);
    if (one)
        (void)json_array_append_new(list, one);
}

/* A list, or one text with commas. NULL: it is empty. */
static json_t *many_texts(const json_t *given)
{
    json_t *list = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)given, i, one)
        append_text(list, one);
    for (const char *at = json_string_value(given); at && *at;) {
        size_t n = strcspn(at, ",");
        json_t *part = json_stringn_nocheck(at, n);
        append_text(list, part);
        json_decref(part);
        at += n + (at[n] == ',');
    }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

/* In the order of the choices, so that the same answer is the same file. */
static json_t *in_order(const json_t *choices, json_t *list_take)
{
    json_t *out = json_array(), *choice, *one;
    size_t i, k;
    json_array_foreach((json_t *)choices, i, choice) {
        json_array_foreach(list_take, k, one) {
            if (strcmp(text(choice, "value"), json_string_value(one)) == 0 &&
                json_array_append(out, one) == 0)
                break;
        }
    }
    json_decref(list_take);
    return out;
}

/* A value that was given, as it is kept. NULL: there is none, or it is wrong, which is told. */
static json_t *checked(const struct setup_work *w, json_t *step, json_t *q, const json_t *given)
{
    const json_t *choices = json_object_get(q, "choices");
    const char *name = text(q, "name");
    bool choice = strcmp(text(q, "type"), "choice") == 0;
    size_t i;
    json_t *one;
    if (choice && !choices)
        choices = json_object_get(step, "choices");
    if (strcmp(text(q, "type"), "boolean") == 0 && !json_is_boolean(given)) {
        json_t *word = one_text(given);
        bool yes = word && strcmp(json_string_value(word), "true") == 0;
        json_decref(word);
        return word ? json_boolean(yes) : NULL;
    }
    if (json_is_boolean(given) && !choice)
        return json_boolean(json_is_true(given));
    json_t *value = is(q, "many") ? many_texts(given) : one_text(given);
    json_t *list = json_is_array(value) ? value : NULL;
    bool wrong = false;
    for (i = 0; value && i < (list ? json_array_size(list) : 1); i++) {
        one = list ? json_array_get(list, i) : value;
        const char *fault = choices && !is(q, "free")
                                ? (is_choice(choices, json_string_value(one)) ? NULL
                                                                              : "error.choice")
                                : fault_of(q, json_string_value(one));
        if (fault)
            setup_question_wrong(step, name,
                                 says(w, fault, is(q, "secret") ? "" : json_string_value(one)));
        wrong = wrong || fault;
    }
    if (!wrong)
        return list && choices && !is(q, "free") ? in_order(choices, list) : value;
    (void)json_object_set(q, "value", value);
    json_decref(value);
    return NULL;
}

/* Does what it depends on hold? */
static bool is_asked(const json_t *q, const json_t *out)
{
    const json_t *requires = json_object_get(q, "requires");
    return !requires || strcmp(text(out, text(requires, "name")), text(requires, "value")) == 0;
}

static void take_one(const struct setup_work *w, json_t *step, json_t *q, const json_t *in,
                     json_t *out)
{
    const char *name = text(q, "name");
    json_t *given = json_object_get(in, name);
    size_t before = json_array_size(json_object_get(q, "errors"));
    if (!is_asked(q, out))
        return;
    if (!given && !is(q, "secret"))
        given = json_object_get(q, "value");
    if (!given && !is(q, "secret"))
        given = json_object_get(q, "default");
    json_t *value = given ? checked(w, step, q, given) : NULL;
    if (is(q, "secret") && !value && !json_is_null(json_object_get(in, name)))
        value = json_incref(json_object_get(setup_draft_answers(&w->draft, text(step, "step")),
                                            name));
    if (value)
        (void)json_object_set_new(out, name, value);
    else if (is(q, "required") && json_array_size(json_object_get(q, "errors")) == before)
        setup_question_wrong(step, name, setup_text("error.needed", w->language, NULL));
    if (given && value && !is(q, "secret"))
        (void)json_object_set(q, "value", value);
}

int setup_question_take(const struct setup_work *w, json_t *step, const json_t *in, json_t **out,
                        struct koppel_error *err)
{
    size_t i;
    json_t *q, *value;
    const char *name;
    *out = json_object();
    json_object_foreach((json_t *)in, name, value) {
        if (question_of(step, name))
            continue;
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "step %s asks no \"%s\"", text(step, "step"), name);
    }
    json_array_foreach(json_object_get(step, "questions"), i, q)
        take_one(w, step, q, in, *out);
    return 0;
}
