/* SPDX-License-Identifier: MIT
 * Direction: products travel one way between two connections, never both. The flow that runs claims
 * its way in the store, so that another configuration, or another engine on the same store, is
 * refused too. `koppel pause` gives the claim back. */
#ifndef KOPPEL_FLOW_DIRECTION_H
#define KOPPEL_FLOW_DIRECTION_H

#include "flow/flow.h"

/* Claims the flow's way for a configuration; KOPPEL_E_CONFIG where such records travel the other
 * way. Nothing for models that may go both ways. */
int direction_claim(const struct flow *f, const struct conf *conf, struct koppel_error *err);
/* Gives a flow's claim back; those of other flows the same way stand. */
int direction_release(struct store *s, const char *flow, struct koppel_error *err);
/* Gives back what this configuration claims for no flow any more: of those that it has switched
 * off, dropped, or turned round since, and that do not run. What another configuration on the same
 * store claims stands. */
int direction_release_unused(struct store *s, const struct conf *conf,
                             bool (*running)(void *arg, const char *flow), void *arg,
                             struct koppel_error *err);

#endif
