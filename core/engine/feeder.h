/* SPDX-License-Identifier: MIT
 * What a stock flow has to do with other flows: those that bring the till's sales to the books hold
 * its articles, and the one that makes articles frees what waited for them. */
#ifndef KOPPEL_ENGINE_FEEDER_H
#define KOPPEL_ENGINE_FEEDER_H

#include "engine/run.h"

struct feeders {
    struct flow *flows;
    struct flow **pointers;
    int count;
};

/* Sets up what holds this run's flow; nothing for models that are not held. feeder_done also after
 * a failure. */
int feeder_init(struct feeders *g, struct run *run, struct koppel_error *err);
void feeder_done(struct feeders *g, struct run *run);
/* Jobs that waited for another flow are looked at anew: levels that were held, and those whose
 * article was missing and is there now. */
int feeder_wake(struct store *s, const struct conf *conf, const struct conf_flow *stock,
                struct koppel_error *err);

#endif
