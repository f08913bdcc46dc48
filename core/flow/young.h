/* SPDX-License-Identifier: MIT
 * Records between reading and delivery, as they were emitted: what is delivered soon after it was
 * read need not be made anew from its text. The journal stays what counts; a record is given out
 * for exactly the text that was made of it, and for nothing else. Bounded: what does not fit any
 * more is made from its text. */
#ifndef KOPPEL_FLOW_YOUNG_H
#define KOPPEL_FLOW_YOUNG_H

#include <jansson.h>
#include <pthread.h>

#define YOUNG_BYTES (2 * 1024 * 1024) /* of text; the records themselves take ten times that */

struct young {
    pthread_mutex_t lock; /* guards what follows: one thread reads, several deliver */
    struct young_entry **buckets; /* NULL: nothing was kept yet */
    size_t bytes;         /* of the texts that are kept */
};

void young_init(struct young *y);
void young_done(struct young *y);
/* Keeps a record (a reference is taken) under its key, beside its text (copied); from then on
 * nobody else holds an object or list in it. In place of an older one of that key; not at all where
 * there is no room, or where the record itself is not the caller's alone. */
void young_keep(struct young *y, const char *key, const char *text, size_t bytes, json_t *record);
/* The record of that key, now the caller's, where it was kept with this very text; NULL: it was
 * not. What is kept of the key goes in any case; text NULL: to no purpose but that. */
json_t *young_take(struct young *y, const char *key, const char *text, size_t bytes);

#endif
