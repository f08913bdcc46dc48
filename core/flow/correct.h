/* SPDX-License-Identifier: MIT
 * Correct: the documents of one record that make the destination right by adding to what is posted,
 * never by changing it. They carry the references REF, REF/2, REF/3 ...; their sum is what stands
 * there, and the next one is what that sum lacks to what should. */
#ifndef KOPPEL_FLOW_CORRECT_H
#define KOPPEL_FLOW_CORRECT_H

#include "flow/work.h"

#define CORRECT_REF_BYTES 300

struct correction {
    json_t *document; /* the next one to post, a new reference; NULL: nothing is missing */
    char ref[CORRECT_REF_BYTES];
    int chain;        /* documents that stand there before it */
    bool last;        /* with it the record is right; else another one follows */
};

/* What comes next between what stands there and `document` (NULL: nothing should stand there; where
 * it is given, it is not changed). The sum is taken afresh from the destination each time. Fewer
 * documents than the link knows: KOPPEL_E_RETRY, as a look-up may lag. None at all:
 * KOPPEL_E_REJECTED, reason "document.gone". */
int correct_next(struct work *w, const json_t *document, struct correction *out,
                 struct koppel_error *err);

#endif
