/* SPDX-License-Identifier: MIT
 * The set-up: which step comes, and what an answer leads to. */
#include "service/setup.h"

#include <string.h>

#include "service/ask.h"
#include "service/setup_connect.h"
#include "service/setup_end.h"
#include "service/setup_flow.h"
#include "service/setup_link.h"
#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_systems.h"
#include "service/setup_table.h"

static const struct kind {
    const char *name;
    setup_step_build *build;
    setup_step_answer *answer;
    bool asks; /* answers are held against its questions; else it looks at them itself */
} kinds[] = {
    {"systems", setup_systems_build, setup_systems_answer, true},
    {"credentials", setup_connect_credentials, setup_connect_credentials_answer, true},
    {"login", setup_connect_login, setup_connect_login_answer, false},
    {"test", setup_connect_test, setup_connect_test_answer, false},
    {"settings", setup_connect_settings, setup_connect_settings_answer, true},
    {"link", setup_link_build, setup_link_answer, true},
    {"flow", setup_flow_build, setup_flow_answer, true},
    {"table", setup_table_build, setup_table_answer, true},
    {"preview", setup_end_preview, setup_end_preview_answer, false},
    {"start", setup_end_start, setup_end_start_answer, true},
    {"review", setup_end_review, setup_end_review_answer, false},
};

static const struct kind *kind_of(const char *step, char subject[SETUP_PLAN_NAME],
                                  struct koppel_error *err)
{
    const char *name = setup_plan_split(step, subject);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    }
    err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no step \"%s\"", step);
    return NULL;
}

static int build(struct setup_work *w, const char *name, json_t **step, struct koppel_error *err)
{
    char subject[SETUP_PLAN_NAME];
    const struct kind *kind = kind_of(name, subject, err);
    *step = NULL;
    if (kind && kind->build(w, subject, step, err) == 0)
        return 0;
    json_decref(*step);
    *step = NULL;
    return -1;
}

/* The step, or the next in that direction that has anything to ask; it is at hand then. */
static int build_from(struct setup_work *w, const char *name, int by, json_t **step,
                      struct koppel_error *err)
{
    json_t *steps = setup_plan_steps(&w->draft);
    int rc = 0;
    *step = NULL;
    while (rc == 0 && name && !*step) {
        rc = build(w, name, step, err);
        if (rc == 0 && *step)
            (void)json_object_set_new(w->draft.json, "at", json_string(name));
        else if (rc == 0)
            name = setup_plan_beside(steps, name, by);
    }
    if (rc == 0 && !*step)
        rc = err_set(err, KOPPEL_E_BUG, "the set-up has no further step");
    json_decref(steps);
    return rc;
}

/* Keeps what changed. */
static int keep(struct setup_work *w, const json_t *before, struct koppel_error *err)
{
    if (w->draft.rev > 0 && json_equal(before, w->draft.json))
        return 0;
    return setup_draft_put(w->service->store, &w->draft, err);
}

/* ---- what is under way ---- */

int setup_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    json_t *ids = setup_draft_list(s->store, err), *id, *rows = json_array();
    size_t i;
    int rc = ids ? 0 : -1;
    (void)ask;
    json_array_foreach(ids, i, id) {
        struct setup_draft d = {0};
        if (rc == 0)
            rc = setup_draft_get(s->store, json_string_value(id), &d, err);
        if (rc == 0)
            (void)json_array_append_new(rows, json_pack("{s:O,s:O,s:O,s:O}", "setup", id, "at",
                                                        json_object_get(d.json, "at"), "who",
                                                        json_object_get(d.json, "who"), "began",
                                                        json_object_get(d.json, "began")));
        setup_draft_done(&d);
    }
    json_decref(ids);
    if (rc == 0)
        *out = json_pack("{s:b,s:O}", "needed", s->conf->flow_count == 0, "setups", rows);
    json_decref(rows);
    return rc;
}

static int show(struct setup_work *w, const char *name, int by, json_t **out,
                struct koppel_error *err)
{
    json_t *before = json_deep_copy(w->draft.json);
    int rc = build_from(w, name, by, out, err);
    if (rc == 0)
        rc = keep(w, before, err);
    json_decref(before);
    if (rc != 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

int setup_begin(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct setup_work w;
    json_t *ids = setup_draft_list(s->store, err);
    size_t count = json_array_size(ids);
    const char *last = count ? json_string_value(json_array_get(ids, count - 1)) : NULL;
    int rc = ids ? 0 : -1;
    setup_work_init(&w, s, ask);
    if (rc == 0 && last && !ask_flag(ask, "anew"))
        rc = setup_draft_get(s->store, last, &w.draft, err);
    else if (rc == 0)
        rc = setup_draft_new(s->store, ask->who->name, &w.draft, err);
    if (rc == 0)
        rc = show(&w, json_string_value(json_object_get(w.draft.json, "at")), -1, out, err);
    setup_work_done(&w);
    json_decref(ids);
    return rc;
}

static int open_draft(struct setup_work *w, struct service *s, const struct service_ask *ask,
                      struct koppel_error *err)
{
    setup_work_init(w, s, ask);
    return setup_draft_get(s->store, ask_text(ask, "setup"), &w->draft, err);
}

/* -1 and err: it is no step of this set-up, as far as it is known. */
static int check_step(const struct setup_work *w, const char *name, struct koppel_error *err)
{
    json_t *steps = setup_plan_steps(&w->draft);
    bool there = setup_plan_has(steps, name);
    json_decref(steps);
    return there ? 0
                 : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN,
                              "the set-up has no step \"%s\" now", name);
}

int setup_show(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct setup_work w;
    const char *step = ask_text(ask, "step");
    int rc = open_draft(&w, s, ask, err);
    if (rc == 0 && !step)
        step = json_string_value(json_object_get(w.draft.json, "at"));
    if (rc == 0)
        rc = check_step(&w, step, err);
    if (rc == 0)
        rc = show(&w, step, -1, out, err);
    setup_work_done(&w);
    return rc;
}

int setup_drop(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct setup_draft d = {0};
    int rc = setup_draft_get(s->store, ask_text(ask, "setup"), &d, err);
    if (rc == 0)
        rc = setup_draft_drop(s->store, d.id, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "setup", d.id);
    setup_draft_done(&d);
    return rc;
}

/* ---- answers ---- */

/* 0: go on; 1: *step stays, NULL: it is made anew. */
static int take(struct setup_work *w, const char *name, const json_t *in, json_t **step,
                struct koppel_error *err)
{
    char subject[SETUP_PLAN_NAME];
    json_t *answers = NULL;
    const struct kind *kind = kind_of(name, subject, err);
    *step = NULL;
    if (!kind)
        return -1;
    if (!kind->asks)
        return kind->answer(w, subject, in, step, err);
    if (kind->build(w, subject, step, err) != 0)
        return -1;
    if (!*step)
        return 0;
    int rc = setup_question_take(w, *step, in, &answers, err);
    if (rc == 0 && setup_question_has_wrong(*step))
        rc = 1;
    if (rc == 0)
        rc = kind->answer(w, subject, answers, step, err);
    json_decref(answers);
    return rc;
}

static int go_on(struct setup_work *w, const char *name, json_t **out, struct koppel_error *err)
{
    if (setup_table_find(w, err) != 0)
        return -1;
    json_t *steps = setup_plan_steps(&w->draft);
    const char *next = setup_plan_beside(steps, name, 1);
    int rc = next ? build_from(w, next, 1, out, err)
                  : err_set(err, KOPPEL_E_BUG, "step %s is the last", name);
    json_decref(steps);
    return rc;
}

int setup_answer(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct setup_work w;
    const char *name = ask_text(ask, "step");
    json_t *in = json_object_get(ask->in, "answers"), *none = json_object(), *before = NULL;
    json_t *step = NULL;
    int rc = open_draft(&w, s, ask, err);
    if (rc == 0)
        rc = check_step(&w, name, err);
    if (rc == 0) {
        before = json_deep_copy(w.draft.json);
        rc = take(&w, name, in ? in : none, &step, err);
    }
    if (rc == 1 && step) {
        *out = json_incref(step); /* what was answered wrongly is not kept */
    } else if (rc == 1) {
        rc = build_from(&w, name, 1, out, err);
        if (rc == 0)
            rc = keep(&w, before, err);
    } else if (rc == 0) {
        rc = go_on(&w, name, out, err);
        if (rc == 0)
            rc = keep(&w, before, err);
    }
    json_decref(step);
    json_decref(before);
    json_decref(none);
    setup_work_done(&w);
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc < 0 ? -1 : 0;
}

int setup_save(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct setup_work w;
    int rc = open_draft(&w, s, ask, err);
    if (rc == 0)
        rc = check_step(&w, "review", err);
    if (rc == 0)
        rc = setup_end_save(&w, out, err);
    setup_work_done(&w);
    if (rc != 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}
