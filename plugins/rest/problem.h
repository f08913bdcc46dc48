/* SPDX-License-Identifier: MIT
 * What an answer means that is no success, by the description's "errors" and by its status. */
#ifndef PLUGINS_REST_PROBLEM_H
#define PLUGINS_REST_PROBLEM_H

#include "request.h"

extern const char *const problem_kinds[]; /* what a code or a status may mean; NULL behind them */

/* 0: the answer is a success; 1: what was asked for is not there; -1 and err. page: it is a page of
 * something in between. */
int problem_check(struct rest *r, const struct request *q, const struct answer *a, bool page,
                  struct koppel_error *err);
/* Of an answer that is no JSON and may be a success: fails where the description says how one is
 * known, but for a change of what is there that is answered without content. */
int problem_silent(struct rest *r, const struct request *q, const struct answer *a,
                   struct koppel_error *err);
/* Fails as an answer that cannot be read; broken: it is JSON that is not right. */
int problem_unreadable(struct rest *r, const struct request *q, bool broken,
                       struct koppel_error *err);
/* What row number `index` of the answer to many says of that item: 0 it is done, 1 it failed, and
 * the result was told. rows: the description's. */
int problem_row(struct rest *r, const struct request *q, const json_t *rows, const json_t *row,
                uint32_t index, struct koppel_results *out);
/* The kind of error for what is lost of a request. */
int problem_lost(const struct request *q);

#endif
