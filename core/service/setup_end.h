/* SPDX-License-Identifier: MIT
 * The last steps of a set-up: what would become of some records, from when on, and the files. */
#ifndef KOPPEL_SERVICE_SETUP_END_H
#define KOPPEL_SERVICE_SETUP_END_H

#include "service/setup_step.h"

setup_step_build setup_end_preview, setup_end_start, setup_end_review;
setup_step_answer setup_end_preview_answer, setup_end_start_answer, setup_end_review_answer;

/* Writes the files as one revision. *step: "done", or the review with what prevents it. */
int setup_end_save(struct setup_work *w, json_t **step, struct koppel_error *err);

#endif
