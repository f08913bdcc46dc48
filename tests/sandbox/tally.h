// SPDX-License-Identifier: MIT
// What a port counts of its requests: how many of each kind, how many at the same time, and what
// became of every write.
#ifndef KOPPEL_SANDBOX_TALLY_H
#define KOPPEL_SANDBOX_TALLY_H

#include "sandbox.h"

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *t);

// Around the whole of a request, waiting included.
void tally_begin(struct tally *t, bool writes);
void tally_end(struct tally *t, bool writes);

// An operation was answered, or would have been.
void tally_operation(struct tally *t, const char *name);
// What became of a write: applied (it did its work), answered (the client was told), its status.
void tally_write(struct tally *t, const char *operation, bool applied, bool answered, int status);

// {"requests": {operation: n}, "faults": n, "at_once": {"requests": most, "writes": most},
// "now": {the same, that are under way}}
json_t *tally_show(struct tally *t, uint64_t faults);
// {"writes": [{"operation", "applied", "answered", "status"}]} in the order they ended.
json_t *tally_writes(struct tally *t);
// {"times": [ms]}: when each request began, by a clock that is not set.
json_t *tally_times(struct tally *t);

#endif
