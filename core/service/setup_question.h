/* SPDX-License-Identifier: MIT
 * Questions of a step as data, and answers held against them.
 *
 * A question: {"name", "type": as a setting's in a catalogue, "title", "help", "required",
 * "secret", "many", "default", "value": what was answered before, "set": of a secret,
 * "choices": [{"value", "title"}] (where it has none and is a choice: those of the step), "free":
 * other values, too, "requires": {"name", "value"}: asked only then, "because": of a proposal,
 * "rare": of a setting that the set-up does not ask for, "errors": [text]}. What does not concern
 * it is not there. */
#ifndef KOPPEL_SERVICE_SETUP_QUESTION_H
#define KOPPEL_SERVICE_SETUP_QUESTION_H

#include "service/setup_work.h"

/* A new question at the end of the step; borrowed. Titles are freed; help may be NULL. */
json_t *setup_question_add(json_t *step, const char *name, const char *type, json_t *title_take,
                           json_t *help_take);
/* The same from a setting. list: where its catalogue has it, for its words. */
json_t *setup_question_add_setting(const struct setup_work *w, json_t *step,
                                   const struct cat_setting *setting, const json_t *list);
/* Adds a choice to a question, or to a step. */
void setup_question_choice(json_t *question, const char *value, json_t *title_take);
/* Sets a member; a value of NULL is left out. */
void setup_question_put(json_t *question, const char *name, json_t *value_take);
/* What was answered before, if anything. */
void setup_question_before(const struct setup_work *w, const char *step, json_t *question);
/* An error at a question of the step; of a name that it does not have, at the step. */
void setup_question_wrong(json_t *step, const char *name, json_t *text_take);
bool setup_question_has_wrong(const json_t *step);
/* Puts mistakes of a configuration where they belong; prefix: of the paths of its questions
 * ("connections/till/settings/"). */
void setup_question_blame(json_t *step, const json_t *mistakes, const char *prefix);

/* Holds answers against the step: what is not given is what was answered before, else the default.
 * *out: {name: value}, a new reference: texts, booleans, lists of texts; what is empty is not
 * there, and a secret that stays is what it was. Wrong ones are told at their questions, with what
 * was given (but for secrets). -1 and err, reason SERVICE_WRONG: an answer to no question. */
int setup_question_take(const struct setup_work *w, json_t *step, const json_t *in, json_t **out,
                        struct koppel_error *err);

#endif
