/* SPDX-License-Identifier: MIT
 * Fields that the till's owner has added to the cards of relations and articles. In the service
 * they are a list of names and typed values; in a record they are members of an object "custom",
 * under names that a path can hold: "Gewicht (kg)" is custom.gewicht_kg. Of two fields whose names
 * come to the same, only the first one the till lists can be reached. */
#ifndef MPLUSKASSA_CUSTOM_H
#define MPLUSKASSA_CUSTOM_H

#include "call.h"

/* Makes "custom" of every customFieldList in the record. -1: no memory. */
int custom_take(json_t *record);
/* *out: the record, a new reference, with a customFieldList of each "custom" in it, typed as the
 * till has the fields. of: "relation" or "article". KOPPEL_E_REJECTED: reason "custom.unknown" of a
 * field that the till does not have, "custom.value" of a value that it cannot hold. */
int custom_give(struct mplus *m, const char *of, const json_t *record, json_t **out,
                struct koppel_error *err);
/* What present has of other fields and then wanted: a list is written as a whole. Both lists of
 * custom fields; a new array, NULL: no memory. */
json_t *custom_union(const json_t *present, const json_t *wanted);
/* What the account has beside the catalogue, as describe() gives it. */
int custom_describe(struct mplus *m, const char *entity, json_t **out, struct koppel_error *err);

#endif
