/* SPDX-License-Identifier: MIT
 * Runs the cases of a flow (config/conf_case.h): the way of a record up to where it would leave, on
 * an empty store in memory. Nobody is connected to, and nothing is written. */
#ifndef KOPPEL_FLOW_CASES_H
#define KOPPEL_FLOW_CASES_H

#include "config/conf.h"
#include "config/conf_report.h"

/* Runs one of them, or all (name NULL), of a flow of conf. *out: {"flow", "cases": [{"case",
 * "passes", "accepted" (it says what is to come out), "differences": [as cases_differ.h], "got":
 * {"outcome", "reason", "core", "destination"}, "detail"}], "uncovered": [{"file", "line", "to",
 * "own" (it stands in the configuration, not in what was shipped)}] (rules that gave something in
 * no case; [] where one was named)}. -1: KOPPEL_E_CONFIG where the flow cannot run at all. */
int cases_run(const struct conf *conf, const struct conf_flow *flow, const char *name,
              json_t **out, struct koppel_error *err);

/* The record of a case as preview_record tells of it. Of the case only source, key, known and
 * day_ms are looked at. */
int cases_row(const struct conf_flow *flow, const struct conf_case *one, json_t **row,
              struct koppel_error *err);
/* The same for one record after another. -1 of the first: close it all the same. */
struct cases_stage;
int cases_stage_open(struct cases_stage **out, const struct conf_flow *flow,
                     struct koppel_error *err);
int cases_stage_row(struct cases_stage *s, const struct conf_case *one, json_t **row,
                    struct koppel_error *err);
void cases_stage_close(struct cases_stage *s); /* takes NULL */
/* What comes out of a record now: as "got" above, with "explain" of flow/preview.h. */
int cases_try(const struct conf_flow *flow, const struct conf_case *one, json_t **got,
              struct koppel_error *err);

/* Reports every case of an enabled flow that fails, as a mistake at its output. */
void cases_check(const struct conf *conf, struct conf_report *report);
/* The same as warnings: such flows are not enabled any more, and say why in `failing`. */
void cases_hold(struct conf *conf, struct conf_report *report);

#endif
