/* SPDX-License-Identifier: MIT
 * What a flow reads, remembered under its name. Its journal, its cursor and its open jobs bear that
 * name: under it another kind of records would be taken for those. */
#ifndef KOPPEL_FLOW_SOURCE_H
#define KOPPEL_FLOW_SOURCE_H

#include "config/conf.h"
#include "store/store.h"

/* Has something else been read under this flow's name? *other: what ("till/order", the caller's);
 * NULL: no. */
int source_other(struct store *s, const struct conf_flow *conf, char **other,
                 struct koppel_error *err);
/* The words for that; fills err with KOPPEL_E_CONFIG, reason "flow.other", and gives -1. */
int source_refused(const struct conf_flow *conf, const char *other, struct koppel_error *err);
/* Remembers what the flow reads; KOPPEL_E_CONFIG where something else was read. */
int source_claim(struct store *s, const struct conf_flow *conf, struct koppel_error *err);

#endif
