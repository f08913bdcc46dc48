/* SPDX-License-Identifier: MIT
 * A set-up that somebody works at: what was answered so far, sealed in the store, so that it can be
 * gone on with later and elsewhere.
 *
 * It is an object:
 *   at        the step that is to be answered
 *   who, began  who began it, and when (RFC 3339)
 *   answers   {STEP: {QUESTION: value}}; a secret is {"sealed": NAME} or the text of a reference
 *   secrets   {NAME: text of its sealed file}
 *   systems   [{"name", "plugin", "title", "new", "oauth", "lists"}], the two, once they are chosen
 *   prefix    what stands before the names of its flows and tables; "" */
#ifndef KOPPEL_SERVICE_SETUP_DRAFT_H
#define KOPPEL_SERVICE_SETUP_DRAFT_H

#include <jansson.h>

#include "store/store.h"

#define SETUP_DRAFT_ID 24

struct setup_draft {
    char id[SETUP_DRAFT_ID];
    int64_t rev; /* as it was read; 0: it is new */
    json_t *json;
};

/* An empty one, not stored yet. */
int setup_draft_new(struct store *store, const char *who, struct setup_draft *out,
                    struct koppel_error *err);
/* -1 and err, reason SERVICE_UNKNOWN: there is none of that number. */
int setup_draft_get(struct store *store, const char *id, struct setup_draft *out,
                    struct koppel_error *err);
/* -1 and err: also where somebody else changed it since it was read. */
int setup_draft_put(struct store *store, struct setup_draft *d, struct koppel_error *err);
int setup_draft_drop(struct store *store, const char *id, struct koppel_error *err);
void setup_draft_done(struct setup_draft *d); /* takes a zeroed one */
/* The numbers of all, sorted; NULL and err. */
json_t *setup_draft_list(struct store *store, struct koppel_error *err);

/* What was answered at a step; NULL: nothing yet. Borrowed. */
json_t *setup_draft_answers(const struct setup_draft *d, const char *step);
void setup_draft_answer(struct setup_draft *d, const char *step, json_t *answers);
const char *setup_draft_text(const struct setup_draft *d, const char *step, const char *question);

#endif
