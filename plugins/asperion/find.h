/* SPDX-License-Identifier: MIT
 * Looking records up by one field. */
#ifndef ASPERION_FIND_H
#define ASPERION_FIND_H

#include "entity.h"

/* Rows that were found. */
struct find_rows {
    json_t *list;
    /* The last of them as it came; where there is none, one that cannot be read. */
    char *raw;
    size_t raw_bytes;
    /* Where a row that answers cannot be read, and may be the one; "": none. */
    char place[ANSWER_PLACE_BYTES];
};

int find_records(struct asperion *a, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err);
/* Every row whose member equals the key; freed with find_rows_done() after success. year: of the
 * books, where the entity is listed by year; 0: this one and the two before. */
int find_rows(struct asperion *a, const struct entity_use *u, const char *wire, const char *key,
              int64_t year, struct find_rows *found, struct koppel_error *err);
void find_rows_done(struct find_rows *rows);

#endif
