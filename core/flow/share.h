/* SPDX-License-Identifier: MIT
 * Whose card is it? Two customers of a source may have one e-mail address: the address decides
 * which card an order goes to, but a card is never written over by another customer than the one it
 * was made for. Which record of the source a card belongs to is remembered beside the links. */
#ifndef KOPPEL_FLOW_SHARE_H
#define KOPPEL_FLOW_SHARE_H

#include "flow/work.h"

/* *owner: the key of another record of the source to which this id belongs (borrowed); NULL: of
 * nobody else. */
int share_owner(struct links *l, const char *scope, const char *key, const char *id,
                const char **owner, struct koppel_error *err);
/* Remembers that the id belongs to this key; at once, as a reference does. */
int share_keep(struct links *l, const char *scope, const char *key, const char *id,
               struct koppel_error *err);

/* What was found for a job's record: another one's card ends the job (*ends) as skipped, or parks
 * it; nobody's is this record's from now on. */
int share_check(struct work *w, const char *id, const json_t *record, bool *ends,
                struct koppel_error *err);
/* What a job made is its record's. */
int share_remember(struct work *w, const char *id, struct koppel_error *err);

#endif
