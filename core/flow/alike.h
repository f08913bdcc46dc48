/* SPDX-License-Identifier: MIT
 * Records that are one at the destination, though each has a link of its own: two customers with
 * one e-mail address. Which of them was announced there last is remembered, so that another one is
 * not made while nobody knows whether that one arrives. */
#ifndef KOPPEL_FLOW_ALIKE_H
#define KOPPEL_FLOW_ALIKE_H

#include "flow/flow.h"
#include "flow/links.h"

/* Is another record of this name under way to the destination? KOPPEL_E_RETRY with reason "quiet"
 * and when to ask again. scope, key: of the own link; name: of the lock that they share, which is
 * held. */
int alike_look(const struct flow *f, struct links *l, const struct cat_entity *e,
               const char *scope, const char *key, const char *name, struct koppel_error *err);
/* Remembers that this one is announced next. */
int alike_note(struct links *l, const char *scope, const char *key, const char *name,
               struct koppel_error *err);

#endif
