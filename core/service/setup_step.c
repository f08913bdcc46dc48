/* SPDX-License-Identifier: MIT
 * A step as data. */
#include "service/setup_step.h"

#include <string.h>

#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

static json_t *phases_of(struct setup_work *w)
{
    static const char *const behind[] = {"phase.link", "phase.questions", "phase.preview",
                                         "phase.start"};
    json_t *phases = json_array(), *one;
    size_t i;
    (void)json_array_append_new(phases, setup_text("phase.systems", w->language, NULL));
    json_array_foreach(json_object_get(w->draft.json, "systems"), i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        if (json_is_true(json_object_get(one, "new")))
            (void)json_array_append_new(phases, setup_work_title(w, name));
    }
    for (i = 0; i < sizeof behind / sizeof *behind; i++)
        (void)json_array_append_new(phases, setup_text(behind[i], w->language, NULL));
    return phases;
}

json_t *setup_step_new(struct setup_work *w, const char *step, const char *kind,
                       json_t *title_take, json_t *text_take)
{
    int of, at = setup_plan_phase(&w->draft, step, &of);
    json_t *out = json_pack("{s:s,s:s,s:s,s:i,s:i,s:o,s:b,s:o}", "setup", w->draft.id, "step", step,
                            "kind", kind, "at", at, "of", of, "phases", phases_of(w), "back",
                            strcmp(step, "systems") != 0, "title", title_take);
    json_t *steps = setup_plan_steps(&w->draft);
    const char *before = setup_plan_beside(steps, step, -1);
    setup_question_put(out, "before", before ? json_string(before) : NULL);
    setup_question_put(out, "text", text_take);
    json_decref(steps);
    return out;
}

json_t *setup_step_entity(struct setup_work *w, const char *system, const char *entity)
{
    struct koppel_error ignored = {0};
    const struct catalogue *c = setup_work_catalogue(w, system, &ignored);
    size_t i;
    json_t *one;
    json_array_foreach(c ? json_object_get(c->json, "entities") : NULL, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        const char *title = catalogue_words(json_object_get(one, "title"), w->language);
        if (name && title && strcmp(name, entity) == 0)
            return json_string_nocheck(title);
    }
    return json_string_nocheck(entity);
}

json_t *setup_step_words(struct setup_work *w, const char *key, const char *system)
{
    return setup_text(key, w->language, json_pack("{s:o}", "title", setup_work_title(w, system)));
}
