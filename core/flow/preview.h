/* SPDX-License-Identifier: MIT
 * Preview: source -> core -> destination of some records, without writing anything anywhere. */
#ifndef KOPPEL_FLOW_PREVIEW_H
#define KOPPEL_FLOW_PREVIEW_H

#include "flow/flow.h"

/* Up to `limit` records. visit receives {"key","source","core","destination","outcome","reason",
 * "detail","steps","explain":{"get","send"}}, borrowed; the last two are rows of map_recorder.h.
 * validate: the destination is asked to validate what would be sent, where it can do so without
 * storing it. */
int preview_records(struct flow *f, int limit, bool validate,
                    int (*visit)(void *arg, json_t *row), void *arg, struct koppel_error *err);

#endif
