/* SPDX-License-Identifier: MIT
 * What an answer that is no success says, and what to do about it. */
#ifndef ASPERION_PROBLEM_H
#define ASPERION_PROBLEM_H

#include "api.h"

/* Whether an answer of success holds a problem all the same; its own status goes to *status, 400
 * where it has none. */
bool problem_inside(const json_t *answer, unsigned *status);
/* Reports an answer of this status. problem: what it holds; NULL: nothing that is JSON. page: it
 * came from something in between, such as a gateway. Returns -1. */
int problem_fail(struct asperion *a, const struct api_request *r, unsigned status,
                 const json_t *problem, bool page, struct koppel_error *err);
/* Reports an answer of success that is none of the API. broken: it is JSON that breaks off, and no
 * page. Returns -1. */
int problem_unreadable(struct asperion *a, const struct api_request *r, bool broken,
                       struct koppel_error *err);
/* The kind of a failure after which nobody knows whether the request was carried out. */
int problem_lost(const struct api_request *r);

#endif
