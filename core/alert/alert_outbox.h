/* SPDX-License-Identifier: MIT
 * What is to be sent, sealed in the store until a channel has taken it, and how each channel
 * stands.
 *
 * A message belongs to the turn of the book that it was queued for (struct alert_book): it is put
 * first, then the book is kept. What belongs to a turn that never came is dropped at the next
 * start, and queued anew by the next look: so nobody is told twice what was told once. */
#ifndef KOPPEL_ALERT_ALERT_OUTBOX_H
#define KOPPEL_ALERT_ALERT_OUTBOX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

#define ALERT_OUTBOX_KEEP_MS INT64_C(86400000) /* how long a message is tried */
#define ALERT_OUTBOX_MAX 300                   /* messages at once; the oldest makes room */
#define ALERT_OUTBOX_NAME_BYTES 96

/* Where a message stands: by turn, then in its turn, then by channel. */
struct alert_outbox_place {
    int64_t turn;
    int index;
    const char *channel; /* borrowed */
};

/* Puts {"id","channel","kind","at","critical","subject","body","alerts"}; takes it over. */
int alert_outbox_put(struct store *s, const struct alert_outbox_place *at, json_t *message_take,
                     struct koppel_error *err);
/* Every message, the oldest first: its name, and itself. visit may drop it; what it gives other
 * than 0 ends the list and is given back. */
int alert_outbox_each(struct store *s,
                      int (*visit)(void *arg, const char *name, int64_t turn,
                                   const json_t *message),
                      void *arg, struct koppel_error *err);
int alert_outbox_drop(struct store *s, const char *name, struct koppel_error *err);
/* Drops those of later turns than this one. */
int alert_outbox_drop_after(struct store *s, int64_t turn, struct koppel_error *err);

/* How a channel stands. */
struct alert_outbox_state {
    int failures;       /* messages in a row that it did not take */
    int64_t failing_ms; /* since when; 0: the last one was taken */
    int64_t next_ms;    /* not tried before */
    int64_t last_ms;    /* the last try; 0: none yet */
    char text[ERR_TEXT_BYTES]; /* what came of it: "" it was taken */
};
/* Zeroed where nothing was ever sent. */
int alert_outbox_state_get(struct store *s, const char *channel, struct alert_outbox_state *out,
                           struct koppel_error *err);
int alert_outbox_state_put(struct store *s, const char *channel,
                           const struct alert_outbox_state *state, struct koppel_error *err);

#endif
