/* SPDX-License-Identifier: MIT
 * Preview: a record's way up to where it would leave. Links and the destination are looked at,
 * nothing is written anywhere: what would be sent is shown. */
#ifndef KOPPEL_FLOW_PREVIEW_H
#define KOPPEL_FLOW_PREVIEW_H

#include "flow/flow.h"
#include "flow/links.h"
#include "flow/work.h"

enum preview_how {
    /* The destination is asked to judge what would be made, where it can without storing it. */
    PREVIEW_CHECK = 1,
    PREVIEW_KNOWN = 2, /* as if the record had been delivered before */
    /* No system is asked: what stands at the destination and how references are called there is
     * unknown, and the outcome is "would be sent". */
    PREVIEW_ALONE = 4,
    PREVIEW_CORE = 8, /* the record is a core record; the get mapping is left out */
};

struct preview {
    struct flow *flow;
    unsigned how; /* of enum preview_how */
    struct links links; /* of preview_init; what one record would make is there for the next */
    /* Takes a row, borrowed; -1 ends the preview. Its members:
     *   key, source, core, destination
     *               each null where there is none
     *   outcome     "would be created", "would be changed", "would be removed", "would be
     *               corrected", "would be sent", "skipped", "parked", "waiting"; "failed": a
     *               system was not to be asked
     *   reason, detail, remedy, remote_id
     *               of what is skipped, parked or fails
     *   steps       what was found, and what would be made first
     *   present     what stands at the destination; null: nothing, or nobody asked
     *   differs     compare_rows of that and the destination's record
     *   required    paths of fields that the destination must have
     *   missing     preview_fields_missing of the core and the destination
     *   requests    send_show of all that would be sent, in order
     *   check       null: nobody asked; else {"ok", "text"}: ok null: it was not judged
     *   explain     {"get", "send"}, rows of map_recorder.h */
    int (*visit)(void *arg, json_t *row);
    void *arg;
};

/* The rest of p is the caller's. store: of the flow. */
void preview_init(struct preview *p);
void preview_done(struct preview *p);

/* The first records of the source, at most so many. */
int preview_first(struct preview *p, int limit, struct koppel_error *err);
/* The last ones of the source's list, which most sort by change; the last comes first. Of a long
 * list, the last of its first PREVIEW_LAST. */
#define PREVIEW_LAST 5000
int preview_last(struct preview *p, int limit, struct koppel_error *err);
/* The source's record of that key. KOPPEL_E_REJECTED, reason "missing": there is none. */
int preview_key(struct preview *p, const char *key, struct koppel_error *err);
/* A record in the source's shape; without `key` (NULL) it must hold its own. */
int preview_record(struct preview *p, const char *key, int64_t version, const json_t *source,
                   struct koppel_error *err);
/* The way of one record up to the destination's shape, alone: w->core and w->document are made,
 * with "?" where a reference's alias would stand; or w->settled says why nothing is sent. */
int preview_shape(struct work *w, struct koppel_error *err);

#endif
