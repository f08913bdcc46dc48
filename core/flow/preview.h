/* SPDX-License-Identifier: MIT
 * Preview: source -> core -> destination of some records, without writing anything anywhere. */
#ifndef KOPPEL_FLOW_PREVIEW_H
#define KOPPEL_FLOW_PREVIEW_H

#include "flow/flow.h"

enum preview_how {
    /* The destination is asked to validate what would be sent, where it can do so without storing
     * it. */
    PREVIEW_VALIDATE = 1,
    PREVIEW_KNOWN = 2, /* as if the record had been delivered before */
};

/* Up to `limit` records. visit receives {"key","source","core","destination","outcome","reason",
 * "detail","steps","explain":{"get","send"}}, borrowed; the last two are rows of map_recorder.h.
 * how: of enum preview_how. */
int preview_records(struct flow *f, int limit, unsigned how,
                    int (*visit)(void *arg, json_t *row), void *arg, struct koppel_error *err);
/* The same of one record; nothing is read, and without PREVIEW_VALIDATE nobody is asked. */
int preview_record(struct flow *f, const char *key, int64_t version, const json_t *record,
                   unsigned how, int (*visit)(void *arg, json_t *row), void *arg,
                   struct koppel_error *err);

#endif
