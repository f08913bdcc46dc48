/* SPDX-License-Identifier: MIT
 * Compares what stands at the destination with what should: by all that the new record says, or by
 * whose it is and what it comes to. */
#ifndef KOPPEL_FLOW_COMPARE_H
#define KOPPEL_FLOW_COMPARE_H

#include <jansson.h>
#include <stdbool.h>

#include "catalogue/catalogue.h"

#define COMPARE_BYTES 600

/* What differs, as far as it fits: "amountInclVat 121.00 -> 181.50, lines 2 -> 3". */
struct difference {
    const struct cat_entity *entity;
    char text[COMPARE_BYTES]; /* cut between characters */
    size_t used;              /* 0: nothing differs */
    json_t *rows;             /* array: receives all of it; NULL: not wanted */
};

/* What the new record says and the present one does not; what only the destination says is no
 * difference. */
void compare_records(const struct cat_entity *e, const json_t *present, const json_t *record,
                     struct difference *out);
/* The same, all of it: an array of {"field", "was", "now"}, the values as a person reads them;
 * empty where there is nothing to compare. NULL: no memory. */
json_t *compare_rows(const struct cat_entity *e, const json_t *present, const json_t *record);
/* Is it the same document: of the same total and, where both tell it, customer, by those roles;
 * where no total is told, equal in all that the record says? */
bool compare_is_same(const struct cat_entity *e, const json_t *present, const json_t *record,
                     struct difference *out);

#endif
