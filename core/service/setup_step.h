/* SPDX-License-Identifier: MIT
 * A step as data, whatever renders it.
 *
 * {"setup", "step", "kind": "form" | "matrix" | "table" | "login" | "test" | "preview" | "review" |
 * "done", "at", "of", "phases": [text], "back", "before": the step before, "title", "text",
 * "errors", "questions"}, and what its kind has besides. */
#ifndef KOPPEL_SERVICE_SETUP_STEP_H
#define KOPPEL_SERVICE_SETUP_STEP_H

#include "service/setup_work.h"

/* Titles are freed; text may be NULL. A new reference. */
json_t *setup_step_new(struct setup_work *w, const char *step, const char *kind,
                       json_t *title_take, json_t *text_take);
/* A text with the title of a system filled in as {title}. */
json_t *setup_step_words(struct setup_work *w, const char *key, const char *system);

/* What people call an entity of a system. A new reference. */
json_t *setup_step_entity(struct setup_work *w, const char *system, const char *entity);

/* How a kind of step answers: 0: go on; 1: the step in *step stays, or is made anew where that is
 * NULL; -1 and err. answers: as setup_question_take gives them, or as they came where the step has
 * no questions of its own. */
typedef int setup_step_answer(struct setup_work *w, const char *subject, const json_t *answers,
                              json_t **step, struct koppel_error *err);
/* *step: a new one; NULL: there is nothing to ask. */
typedef int setup_step_build(struct setup_work *w, const char *subject, json_t **step,
                             struct koppel_error *err);

#endif
