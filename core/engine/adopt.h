/* SPDX-License-Identifier: MIT
 * One generation takes the place of another while flows run. */
#ifndef KOPPEL_ENGINE_ADOPT_H
#define KOPPEL_ENGINE_ADOPT_H

#include "engine/engine.h"

/* What a generation is to the other hosts, as store_ops.runs has it. */
struct adopt_runs {
    int64_t revision;
    const char *lacks; /* NULL: nothing */
    bool other;        /* another one was published before: whatever rested for that begins anew */
};

/* What became of the flows: JSON arrays of names. */
struct adopt_result {
    json_t *changed, *begun, *ended;
};

/* Makes g the active generation of e, which has a schedule. Flows that are the same in both go on
 * undisturbed; one that changed finishes the record at hand and begins anew; one that is not there
 * any more, or off, ends like that. The lists are the caller's. */
void adopt_generation(struct engine *e, struct generation *g, const struct adopt_runs *runs,
                      struct adopt_result *out);
void adopt_done(struct adopt_result *r);

#endif
