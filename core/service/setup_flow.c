/* SPDX-License-Identifier: MIT
 * What is asked of one flow. */
#include "service/setup_flow.h"

#include <stdio.h>
#include <string.h>

#include "config/conf.h"
#include "model/model.h"
#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

struct asking {
    struct setup_work *work;
    const struct conf_flow *flow;
    json_t *step;
    char name[SETUP_PLAN_NAME + 8]; /* of the step */
};

static json_t *words(const struct asking *a, const char *key)
{
    return setup_text(key, a->work->language, NULL);
}

/* A word of a fixed few, in the language; itself where it is not known. */
static json_t *word(const struct asking *a, const char *group, const char *value)
{
    char key[96];
    snprintf(key, sizeof key, "%.30s.%.60s", group, value);
    return setup_text_raw(key, a->work->language) ? words(a, key) : json_string_nocheck(value);
}

/* ---- states ---- */

/* Does the mapping of the source ever give this state? */
static bool is_given(const struct conf_flow *flow, const char *state)
{
    for (int i = 0; i < flow->get.count; i++) {
        const struct conf_rule *r = &flow->get.rules[i];
        if (strcmp(path_text(r->to), "state") == 0 && r->value && strcmp(r->value, state) == 0)
            return true;
    }
    return false;
}

/* What is delivered may be booked; where a source knows no delivery, all that is not cancelled. */
static bool is_proposed(const struct conf_flow *flow, const char *state)
{
    if (is_given(flow, "delivered"))
        return strcmp(state, "delivered") == 0 || strcmp(state, "paid") == 0;
    return strcmp(state, "cancelled") != 0;
}

static void add_states(struct asking *a, const struct model *m)
{
    const struct cat_field *f = m->record ? catalogue_field(m->record, "state") : NULL;
    json_t *proposed = json_array(), *q = NULL;
    for (int i = 0; f && i < f->value_count; i++) {
        if (!is_given(a->flow, f->values[i]))
            continue;
        if (!q)
            q = setup_question_add(a->step, "states", "choice", words(a, "flow.states"),
                                   words(a, "flow.states.help"));
        setup_question_choice(q, f->values[i], word(a, "value", f->values[i]));
        if (is_proposed(a->flow, f->values[i]))
            (void)json_array_append_new(proposed, json_string(f->values[i]));
    }
    if (q) {
        setup_question_put(q, "many", json_true());
        setup_question_put(q, "required", json_true());
        setup_question_put(q, "default", json_incref(proposed));
        setup_question_before(a->work, a->name, q);
    }
    json_decref(proposed);
}

/* ---- references ---- */

static json_t *add_part(struct asking *a, const char *reference, const char *part)
{
    char name[SETUP_PLAN_NAME], key[64], help[64];
    snprintf(name, sizeof name, "%.40s.%.20s", reference, part);
    snprintf(key, sizeof key, "flow.%.20s", part);
    snprintf(help, sizeof help, "flow.%.20s.help", part);
    json_t *title = setup_text(key, a->work->language,
                               json_pack("{s:o}", "reference", word(a, "reference", reference)));
    json_t *q = setup_question_add(a->step, name,
                                   strcmp(part, "default") == 0 ? "text" : "choice", title,
                                   words(a, help));
    return q;
}

static void add_missing(struct asking *a, const struct conf_reference *r,
                        const struct cat_entity *e)
{
    static const char *const names[] = {"park", "create", "default", "ignore"};
    json_t *q = add_part(a, r->name, "missing");
    for (int i = MISSING_PARK; i <= MISSING_IGNORE; i++) {
        if (i != MISSING_CREATE || (e->can & CAN_CREATE))
            setup_question_choice(q, names[i], word(a, "missing", names[i]));
    }
    setup_question_put(q, "default", json_string(names[r->missing]));
    setup_question_before(a->work, a->name, q);
    char depends[SETUP_PLAN_NAME];
    snprintf(depends, sizeof depends, "%.40s.missing", r->name);
    q = add_part(a, r->name, "default");
    setup_question_put(q, "required", json_true());
    setup_question_put(q, "requires",
                       json_pack("{s:s,s:s}", "name", depends, "value", "default"));
    setup_question_before(a->work, a->name, q);
}

/* By one field a customer is found who has two cards: the address of mail is what both know. */
static void add_match(struct asking *a, const struct conf_reference *r, const struct cat_entity *e)
{
    json_t *proposed = json_array(), *q;
    if (e->match_count < 2) {
        json_decref(proposed);
        return;
    }
    q = add_part(a, r->name, "match");
    setup_question_put(q, "many", json_true());
    setup_question_put(q, "required", json_true());
    for (int i = 0; i < e->match_count; i++) {
        setup_question_choice(q, e->match[i].core, word(a, "match", e->match[i].core));
        if (i == 0)
            (void)json_array_append_new(proposed, json_string(e->match[i].core));
    }
    setup_question_put(q, "default", proposed);
    setup_question_before(a->work, a->name, q);
}

static void add_existing(struct asking *a, const struct conf_reference *r,
                         const struct cat_entity *e)
{
    if (!(e->can & CAN_UPDATE))
        return;
    json_t *q = add_part(a, r->name, "existing");
    setup_question_choice(q, "keep", words(a, "existing.keep"));
    setup_question_choice(q, "update", words(a, "existing.update"));
    setup_question_put(q, "default", json_string(r->update_existing ? "update" : "keep"));
    setup_question_before(a->work, a->name, q);
}

static void add_references(struct asking *a)
{
    const struct catalogue *c = a->flow->to->catalogue;
    const struct cat_entity *dest = catalogue_entity(c, a->flow->to_entity);
    for (int i = 0; dest && i < a->flow->reference_count; i++) {
        const struct conf_reference *r = &a->flow->references[i];
        const struct cat_reference *known = catalogue_reference(dest, r->name);
        const struct cat_entity *e = known ? catalogue_entity(c, known->entity) : NULL;
        if (!e)
            continue;
        if (strcmp(known->model, "customer") == 0)
            add_match(a, r, e);
        add_missing(a, r, e);
        if (strcmp(known->model, "customer") == 0)
            add_existing(a, r, e);
    }
}

/* ---- settings of the model ---- */

/* The list of the destination's field that a rule sends the setting to as it is; NULL: none. */
static const char *list_of(const struct conf_rule *rules, int count, const char *before,
                           const char *setting, const struct cat_entity *dest)
{
    for (int i = 0; i < count; i++) {
        char path[256], wanted[96];
        const char *to = path_text(rules[i].to), *found = NULL;
        snprintf(path, sizeof path, "%s%s%s", before, *before && *to ? "." : "", to);
        snprintf(wanted, sizeof wanted, "settings.%.80s", setting);
        const struct cat_field *f = catalogue_field(dest, path);
        if (rules[i].from_count == 1 && strcmp(path_text(rules[i].from[0]), wanted) == 0 && f)
            found = f->choices;
        if (!found && rules[i].map_count > 0)
            found = list_of(rules[i].map, rules[i].map_count, path, setting, dest);
        if (found)
            return found;
    }
    return NULL;
}

static int add_setting(struct asking *a, const struct model *m, const struct cat_setting *s,
                       struct koppel_error *err)
{
    const struct cat_entity *dest = catalogue_entity(a->flow->to->catalogue, a->flow->to_entity);
    const char *list = dest ? list_of(a->flow->send.rules, a->flow->send.count, "", s->name, dest)
                            : NULL;
    json_t *q = setup_question_add_setting(a->work, a->step, s, m->settings_json);
    if (list) {
        const struct koppel_list *rows = setup_work_list(a->work, a->flow->to->name, list, err);
        if (!rows)
            return -1;
        setup_question_put(q, "type", json_string("choice"));
        for (int i = 0; i < rows->count; i++) {
            if (!rows->rows[i].outcome && !list_fact(&rows->rows[i], "not"))
                setup_question_choice(q, rows->rows[i].value,
                                      json_string_nocheck(rows->rows[i].title));
        }
    }
    setup_question_before(a->work, a->name, q);
    return 0;
}

/* ---- the step ---- */

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *title_of(struct setup_work *w, const json_t *flow)
{
    json_t *from = setup_step_entity(w, member(flow, "from"), member(flow, "entity"));
    json_t *to = setup_step_entity(w, member(flow, "to"), member(flow, "to_entity"));
    return setup_text("flow.title", w->language,
                      json_pack("{s:o,s:o}", "entity", from, "to_entity", to));
}

int setup_flow_build(struct setup_work *w, const char *subject, json_t **step,
                     struct koppel_error *err)
{
    struct asking a = {.work = w};
    const json_t *flow = setup_plan_named(&w->draft, "flows", subject);
    if (!flow)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no flow \"%s\"",
                          subject);
    /* its own answers are left out, so that what holds without them is what is proposed */
    snprintf(a.name, sizeof a.name, "%.79s.flow", subject);
    json_t *before = json_incref(setup_draft_answers(&w->draft, a.name));
    (void)json_object_del(json_object_get(w->draft.json, "answers"), a.name);
    int rc = setup_work_must(w, false, err);
    if (before) {
        setup_draft_answer(&w->draft, a.name, before);
        json_decref(before);
    }
    a.flow = rc == 0 ? conf_flow(w->conf, subject) : NULL;
    const struct model *m = a.flow ? model_find(a.flow->model) : NULL;
    if (!m)
        return rc != 0 ? -1 : err_set(err, KOPPEL_E_BUG, "flow %s is not there", subject);
    a.step = *step = setup_step_new(w, a.name, "form", title_of(w, flow), words(&a, "flow.text"));
    add_states(&a, m);
    add_references(&a);
    for (int i = 0; i < m->count && rc == 0; i++) {
        if (m->settings[i].ask)
            rc = add_setting(&a, m, &m->settings[i], err);
    }
    return rc;
}

int setup_flow_answer(struct setup_work *w, const char *subject, const json_t *answers,
                      json_t **step, struct koppel_error *err)
{
    char name[SETUP_PLAN_NAME + 8], prefix[SETUP_PLAN_NAME + 32];
    json_t *mistakes = NULL;
    snprintf(name, sizeof name, "%.79s.flow", subject);
    snprintf(prefix, sizeof prefix, "flows/%.79s/settings/", subject);
    setup_draft_answer(&w->draft, name, (json_t *)answers);
    int rc = setup_work_load(w, false, &mistakes, err);
    if (rc == 1)
        setup_question_blame(*step, mistakes, prefix);
    json_decref(mistakes);
    return rc;
}
