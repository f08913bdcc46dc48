/* SPDX-License-Identifier: MIT
 * The set-up: a machine of steps (draft, answers -> step), which browser and terminal render. What
 * a step looks like: setup_step.h, setup_question.h; which there are: setup_plan.h. */
#ifndef KOPPEL_SERVICE_SETUP_H
#define KOPPEL_SERVICE_SETUP_H

#include "service/service.h"

/* {}: {"needed": no flow is there yet, "setups": [{"setup", "at", "who", "began"}]}, those that are
 * under way. */
int setup_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"lang"?, "anew"?: flag}: the step at hand of the one that is under way, or of a new one. */
int setup_begin(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"setup", "step"?, "lang"?}: the step at hand, or an earlier one, which is at hand then. */
int setup_show(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"setup", "step", "answers"?, "lang"?}: the next step; or the same with errors. What a test finds
 * is told as progress. */
int setup_answer(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"setup", "lang"?, "why"?}: all of it is written; the step "done", or the review with errors. */
int setup_save(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"setup"}: what was answered is forgotten. */
int setup_drop(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);

#endif
