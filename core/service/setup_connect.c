/* SPDX-License-Identifier: MIT
 * The steps that make a connection. */
#include "service/setup_connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sealed.h"
#include "connection/connection_test.h"
#include "oauth/oauth2_login.h"
#include "oauth/oauth2_redirect.h"
#include "service/ask.h"
#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_text.h"
#include "service/test_steps.h"

#define STEP_BYTES (SETUP_PLAN_NAME + 16)
/* Where a browser elsewhere is sent to: a port that programs seldom listen on, so that the page
 * fails to load and leaves its address. */
#define PASTE_PORT_FIRST 49152
#define PASTE_PORTS 16384

static json_t *words(struct setup_work *w, const char *key)
{
    return setup_text(key, w->language, NULL);
}

static void step_name(const char *subject, const char *kind, char out[STEP_BYTES])
{
    snprintf(out, STEP_BYTES, "%.79s.%s", subject, kind);
}

static json_t *step_of(struct setup_work *w, const char *subject, const char *kind,
                       const char *form, const char *title)
{
    char name[STEP_BYTES], key[32];
    step_name(subject, kind, name);
    snprintf(key, sizeof key, "%.20s.text", kind);
    return setup_step_new(w, name, form, setup_step_words(w, title, subject),
                          strcmp(kind, "test") == 0 ? NULL : words(w, key));
}

/* ---- credentials ---- */

/* Lists can be asked for once somebody is logged in. */
static bool is_credential(const struct cat_setting *s)
{
    return (s->required || s->ask) && !s->choices;
}

int setup_connect_credentials(struct setup_work *w, const char *subject, json_t **step,
                              struct koppel_error *err)
{
    char name[STEP_BYTES], mark[SETUP_PLAN_NAME + 2];
    const struct catalogue *c = setup_work_catalogue(w, subject, err);
    const json_t *system = setup_plan_named(&w->draft, "systems", subject);
    if (!c)
        return -1;
    step_name(subject, "credentials", name);
    *step = step_of(w, subject, "credentials", "form", "credentials.title");
    for (int i = 0; i < c->setting_count; i++) {
        if (is_credential(&c->settings[i]))
            setup_question_before(w, name,
                                  setup_question_add_setting(w, *step, &c->settings[i],
                                                             json_object_get(c->json, "settings")));
    }
    if (!json_is_true(json_object_get(system, "again")))
        return 0;
    json_t *q = setup_question_add(*step, "prefix", "text", words(w, "credentials.prefix"),
                                   words(w, "credentials.prefix.help"));
    snprintf(mark, sizeof mark, "%.79s-", subject);
    setup_question_put(q, "default", json_string(mark));
    setup_question_before(w, name, q);
    return 0;
}

json_t *setup_connect_secret(const struct secret *key, json_t *secrets, const char *connection,
                             const char *setting, const char *value)
{
    char name[SEALED_NAME_MAX + 1];
    if (secret_is_reference(value))
        return json_string_nocheck(value);
    snprintf(name, sizeof name, "%.32s-%.30s", connection, setting);
    for (char *at = name; *at; at++)
        *at = *at == '_' ? '-' : *at;
    mask_add(value);
    char *text = sealed_make(key, name, value, strlen(value));
    json_t *out = text ? json_pack("{s:s}", "sealed", name) : NULL;
    if (out && json_object_set_new(secrets, name, json_string(text)) != 0) {
        json_decref(out);
        out = NULL;
    }
    free(text);
    return out;
}

static bool is_mark(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
           strlen(text);
}

int setup_connect_credentials_answer(struct setup_work *w, const char *subject,
                                     const json_t *answers, json_t **step,
                                     struct koppel_error *err)
{
    char name[STEP_BYTES], prefix[SETUP_PLAN_NAME + 32];
    const struct catalogue *c = setup_work_catalogue(w, subject, err);
    const char *mark = json_string_value(json_object_get(answers, "prefix"));
    json_t *kept = json_copy((json_t *)answers), *mistakes = NULL;
    int rc = c && kept ? 0 : -1;
    for (int i = 0; rc == 0 && i < c->setting_count; i++) {
        const char *given = json_string_value(json_object_get(answers, c->settings[i].name));
        if (!c->settings[i].secret || !given)
            continue;
        json_t *secret = setup_connect_secret(w->service->conf->key,
                                              json_object_get(w->draft.json, "secrets"), subject,
                                              c->settings[i].name, given);
        rc = secret ? json_object_set_new(kept, c->settings[i].name, secret)
                    : err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    if (mark && !is_mark(mark))
        setup_question_wrong(*step, "prefix", words(w, "error.prefix"));
    step_name(subject, "credentials", name);
    if (rc == 0) {
        setup_draft_answer(&w->draft, name, kept);
        (void)json_object_del(json_object_get(w->draft.json, "passed"), subject);
        rc = setup_work_load(w, false, &mistakes, err);
    }
    snprintf(prefix, sizeof prefix, "connections/%.79s/settings/", subject);
    if (rc == 1)
        setup_question_blame(*step, mistakes, prefix);
    if (rc == 0 && setup_question_has_wrong(*step))
        rc = 1;
    json_decref(mistakes);
    json_decref(kept);
    return rc;
}

/* ---- log-in ---- */

static json_t *login_step(struct setup_work *w, const char *subject, bool in, const char *url,
                          const char *state, const char *redirect)
{
    json_t *step = step_of(w, subject, "login", "login", "login.title");
    (void)json_object_set_new(step, "login",
                              json_pack("{s:b,s:s?,s:s?,s:s?}", "in", in, "url", url, "state",
                                        state, "redirect", redirect));
    if (in)
        (void)json_object_set_new(step, "text", words(w, "login.in"));
    (void)setup_question_add(step, "answer", "text", words(w, "login.answer"),
                             words(w, "login.answer.help"));
    return step;
}

static struct oauth2 *login_of(struct setup_work *w, const char *subject,
                               struct oauth2_state *state, struct koppel_error *err)
{
    if (setup_work_must(w, false, err) != 0)
        return NULL;
    struct connection *c = setup_work_connection(w, subject, err);
    struct oauth2 *oauth = c ? connection_oauth(c) : NULL;
    if (c && !oauth)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s needs no login", subject);
    return oauth && oauth2_look(oauth, state, err) == 0 ? oauth : NULL;
}

int setup_connect_login(struct setup_work *w, const char *subject, json_t **step,
                        struct koppel_error *err)
{
    struct oauth2_state state = {0};
    struct koppel_error why = {0};
    struct oauth2 *oauth = login_of(w, subject, &state, err);
    if (!oauth)
        return -1;
    bool in = state.in && !state.ended;
    if (!in && oauth2_login_is_alone(oauth))
        in = oauth2_login_alone(oauth, &why) == 0;
    *step = login_step(w, subject, in, NULL, NULL, NULL);
    if (why.kind)
        setup_question_wrong(*step, NULL, json_string_nocheck(why.text));
    return 0;
}

static int begin(struct setup_work *w, const char *subject, struct oauth2 *oauth,
                 const char *redirect, json_t **step, struct koppel_error *err)
{
    char *url = NULL, *state = NULL;
    int rc = oauth2_login_begin(oauth, redirect, &url, &state, err);
    if (rc == 0)
        *step = login_step(w, subject, false, url, state, redirect);
    free(url);
    free(state);
    return rc == 0 ? 1 : -1;
}

static int finish(struct setup_work *w, const char *subject, struct oauth2 *oauth,
                  const char *address, json_t **step, struct koppel_error *err)
{
    struct oauth2_answer answer;
    struct koppel_error why = {0};
    if (oauth2_answer_read(address, &answer, err) != 0)
        return -1;
    int rc = oauth2_login_finish(oauth, &answer, &why);
    oauth2_answer_done(&answer);
    if (rc == 0)
        return 0;
    *step = login_step(w, subject, false, NULL, NULL, NULL);
    setup_question_wrong(*step, "answer", json_string_nocheck(why.text));
    return 1;
}

int setup_connect_login_answer(struct setup_work *w, const char *subject, const json_t *answers,
                               json_t **step, struct koppel_error *err)
{
    struct oauth2_state state = {0};
    char paste[64];
    const char *redirect = json_string_value(json_object_get(answers, "redirect"));
    const char *address = json_string_value(json_object_get(answers, "answer"));
    struct oauth2 *oauth = login_of(w, subject, &state, err);
    if (!oauth)
        return -1;
    snprintf(paste, sizeof paste, "http://127.0.0.1:%d" OAUTH2_REDIRECT_PATH,
             PASTE_PORT_FIRST + (int)clock_random(PASTE_PORTS));
    if (json_is_true(json_object_get(answers, "paste")))
        redirect = paste;
    if (redirect)
        return begin(w, subject, oauth, redirect, step, err);
    if (address && *address)
        return finish(w, subject, oauth, address, step, err);
    if (state.in && !state.ended)
        return 0;
    *step = login_step(w, subject, false, NULL, NULL, NULL);
    setup_question_wrong(*step, NULL, words(w, "error.login"));
    return 1;
}

/* ---- test ---- */

/* Settings as people know them, beside their names. */
static void add_titles(struct setup_work *w, const char *subject, const json_t *test)
{
    struct koppel_error ignored = {0};
    const struct catalogue *c = setup_work_catalogue(w, subject, &ignored);
    size_t i, k;
    json_t *row, *one;
    json_array_foreach(json_object_get(test, "steps"), i, row) {
        const char *setting = json_string_value(json_object_get(row, "setting"));
        json_array_foreach(c ? json_object_get(c->json, "settings") : NULL, k, one) {
            const char *name = json_string_value(json_object_get(one, "name"));
            const char *title = catalogue_words(json_object_get(one, "title"), w->language);
            if (setting && name && title && strcmp(name, setting) == 0)
                (void)json_object_set_new(row, "title", json_string_nocheck(title));
        }
    }
}

int setup_connect_test(struct setup_work *w, const char *subject, json_t **step,
                       struct koppel_error *err)
{
    json_t *test;
    struct connection *c =
        setup_work_must(w, false, err) == 0 ? setup_work_connection(w, subject, err) : NULL;
    if (!c || test_steps_run(c, w->conf, w->ask, &test, err) != 0)
        return -1;
    const char *outcome = json_string_value(json_object_get(test, "outcome"));
    char key[32];
    snprintf(key, sizeof key, "test.%.10s", outcome);
    *step = step_of(w, subject, "test", "test", "test.title");
    add_titles(w, subject, test);
    (void)json_object_set_new(*step, "text", words(w, key));
    (void)json_object_set_new(*step, "test", test);
    (void)json_object_set_new(*step, "fix", json_sprintf("%s.credentials", subject));
    if (strcmp(outcome, "failed") == 0)
        return 0;
    if (!json_object_get(w->draft.json, "passed"))
        (void)json_object_set_new(w->draft.json, "passed", json_object());
    (void)json_object_set_new(json_object_get(w->draft.json, "passed"), subject, json_true());
    return 0;
}

int setup_connect_test_answer(struct setup_work *w, const char *subject, const json_t *answers,
                              json_t **step, struct koppel_error *err)
{
    bool passed = json_is_true(json_object_get(json_object_get(w->draft.json, "passed"), subject));
    if (json_is_true(json_object_get(answers, "again")))
        return 1;
    if (passed)
        return 0;
    if (setup_connect_test(w, subject, step, err) != 0)
        return -1;
    if (json_is_true(json_object_get(json_object_get(w->draft.json, "passed"), subject)))
        return 0;
    setup_question_wrong(*step, NULL, words(w, "error.test"));
    return 1;
}

/* ---- what its own lists have ---- */

static int add_listed(struct setup_work *w, json_t *step, const char *subject,
                      const struct cat_setting *s, const struct catalogue *c,
                      struct koppel_error *err)
{
    char name[STEP_BYTES];
    const struct koppel_list *rows = setup_work_list(w, subject, s->choices, err);
    if (!rows)
        return -1;
    json_t *q = setup_question_add_setting(w, step, s, json_object_get(c->json, "settings"));
    setup_question_put(q, "type", json_string("choice"));
    for (int i = 0; i < rows->count; i++) {
        if (!rows->rows[i].outcome && !list_fact(&rows->rows[i], "not"))
            setup_question_choice(q, rows->rows[i].value,
                                  json_string_nocheck(rows->rows[i].title));
    }
    step_name(subject, "settings", name);
    setup_question_before(w, name, q);
    return 0;
}

int setup_connect_settings(struct setup_work *w, const char *subject, json_t **step,
                           struct koppel_error *err)
{
    const struct catalogue *c = setup_work_catalogue(w, subject, err);
    if (!c || setup_work_must(w, false, err) != 0)
        return -1;
    *step = step_of(w, subject, "settings", "form", "settings.title");
    for (int i = 0; i < c->setting_count; i++) {
        const struct cat_setting *s = &c->settings[i];
        if (s->ask && s->choices && add_listed(w, *step, subject, s, c, err) != 0)
            return -1;
    }
    return 0;
}

int setup_connect_settings_answer(struct setup_work *w, const char *subject,
                                  const json_t *answers, json_t **step, struct koppel_error *err)
{
    char name[STEP_BYTES];
    (void)step;
    (void)err;
    step_name(subject, "settings", name);
    setup_draft_answer(&w->draft, name, (json_t *)answers);
    return 0;
}
