/* SPDX-License-Identifier: MIT
 * The fields of the effective catalogue, and Asperion's JSON into Koppel's records by them. */
#ifndef ASPERION_RECORDS_H
#define ASPERION_RECORDS_H

#include "api.h"

/* An entity, as the catalogue with its overlay has it; borrowed. NULL: no such. */
json_t *records_entity(struct asperion *a, const char *entity);
/* Its fields, or those inside a field of type list or object; borrowed. */
json_t *records_fields(struct asperion *a, const char *entity);
json_t *records_inside(json_t *fields, const char *name);
/* The field of that name, or of that name at the peer; borrowed, NULL: no such. */
json_t *records_field(json_t *fields, const char *name);
json_t *records_field_at(json_t *fields, const char *wire);
/* The peer's name of a field. */
const char *records_wire(json_t *fields, const char *name);
const char *records_wire_of(const json_t *field);

/* A new record: collections unwrapped, numbers as decimal text without idle zeros, days without a
 * time unless they name a zone; nulls, _meta and references to the record 0, which is none, are
 * left out. NULL: place names the member that is not of its type; "": out of memory. */
json_t *records_read(json_t *fields, const json_t *row, char place[ANSWER_PLACE_BYTES]);
/* The same without objects and lists. */
json_t *records_head(json_t *fields, const json_t *row, char place[ANSWER_PLACE_BYTES]);
/* Whether both say the same, however their numbers and dates are written. */
bool records_same(json_t *fields, const json_t *one, const json_t *other);
/* Milliseconds of a date or time, for comparing only. False: it is none. */
bool records_moment(const char *text, int64_t *ms);
/* The row's own id as text. out: "" where it has none. */
void records_id(const json_t *row, char *out, size_t bytes);

#endif
