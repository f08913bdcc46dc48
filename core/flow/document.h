/* SPDX-License-Identifier: MIT
 * The record in the destination's shape, and what must be true of it before it is sent. */
#ifndef KOPPEL_FLOW_DOCUMENT_H
#define KOPPEL_FLOW_DOCUMENT_H

#include "flow/work.h"

/* Resolves the references and makes w->document by the send mapping. Repeatable: what is there
 * stays. KOPPEL_E_REJECTED where the mapping refuses it, where it does not balance, or where its
 * total is not the source's (reason "total"). */
int document_make(struct work *w, struct koppel_error *err);
/* Forgets it: its references, or what it is compared with, have changed. */
void document_forget(struct work *w);

/* Does the record balance, where its entity says that it must? */
int document_balance(const struct cat_entity *e, const json_t *record, struct koppel_error *err);
/* A total that differs between the source and what is sent, or what the destination answers, never
 * passes silently: KOPPEL_E_REJECTED. A record that says none by the role "total" passes. */
int document_check_total(const struct work *w, const json_t *record, struct koppel_error *err);

#endif
