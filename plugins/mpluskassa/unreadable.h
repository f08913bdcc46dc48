/* SPDX-License-Identifier: MIT
 * Records that cannot be taken: each parks alone, and the others of its page go on. */
#ifndef MPLUSKASSA_UNREADABLE_H
#define MPLUSKASSA_UNREADABLE_H

#include "call.h"

/* Hands an unreadable record over, to park alone. key: the member that holds its id. */
int unreadable_emit(struct mplus *m, struct koppel_batch *out, const struct soap_unreadable *bad,
                    const char *key, struct koppel_error *err);
/* fetch(): tells of every id that did not come: gone, or unreadable where a record without a
 * readable id came and may be it. there: an object with what came; key as above. The unreadable
 * ones with an id are handed over too. */
int unreadable_missing(struct mplus *m, const struct koppel_fetch_request *request,
                       const json_t *there, const struct soap_unreadable *bad, const char *key,
                       struct koppel_batch *out, struct koppel_error *err);
/* The unreadable record whose member is that text, or one that does not tell it and may be it.
 * NULL: none. */
const struct soap_unreadable *unreadable_of(const struct soap_unreadable *bad, const char *key,
                                            const char *id);
/* For a record that could be read but lacks what it cannot do without. place: the field,
 * and what is wrong with it. */
int unreadable_incomplete(struct mplus *m, struct koppel_batch *out, const char *key,
                          int64_t version, const json_t *record, const char *place,
                          struct koppel_error *err);

#endif
