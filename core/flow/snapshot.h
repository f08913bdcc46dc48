/* SPDX-License-Identifier: MIT
 * What a source shows that lists everything each time: which keys came, and which are gone. */
#ifndef KOPPEL_FLOW_SNAPSHOT_H
#define KOPPEL_FLOW_SNAPSHOT_H

#include "flow/flow.h"

/* The keys that one reading has shown, by hash. Zeroed is empty. */
struct snapshot {
    uint64_t *hashes;
    size_t count, room;
    int64_t total;     /* records that the source says there are; -1: it does not say */
    int64_t records;   /* that came */
    bool unnamed;      /* the key of one could not be read: it may be any that is missing */
};

void snapshot_done(struct snapshot *s);
/* -1: no memory. */
int snapshot_add(struct snapshot *s, const char *key);
/* The reading is complete: what it does not show any more is appended once more, marked with
 * FLOW_GONE. Where the source can be asked for one key, it is asked before anything is called gone.
 * A list that came back empty, or shrunk beyond the flow's limits, or that tells of more records
 * than came: KOPPEL_E_CONFIG, reason "list.shrunk", and nothing is gone, until a person has
 * accepted it (the note SNAPSHOT_ACCEPTED). *gone: how many. *lost: another host reads now. */
int snapshot_end(struct flow *f, struct snapshot *s, struct store_reader *reader, int *gone,
                 int *lost, struct koppel_error *err);

#define SNAPSHOT_SHRUNK "shrunk/"     /* + flow: how many keys were missing when it stopped */
#define SNAPSHOT_ACCEPTED "accepted/" /* + flow: how many may be gone, once */

#endif
