/* SPDX-License-Identifier: MIT
 * Between Asperion's JSON and Koppel's records, by the fields of the effective catalogue. */
#ifndef ASPERION_RECORDS_H
#define ASPERION_RECORDS_H

#include "api.h"

/* An entity, as the catalogue with its overlay has it; borrowed. NULL: no such. */
json_t *records_entity(struct asperion *a, const char *entity);
/* Its fields, or those inside a field of type list or object; borrowed. */
json_t *records_fields(struct asperion *a, const char *entity);
json_t *records_inside(json_t *fields, const char *name);
/* The peer's name of a field. */
const char *records_wire(json_t *fields, const char *name);

/* A new record: collections unwrapped, numbers as decimal text; nulls, _meta and references to the
 * record 0, which is none, are left out. */
json_t *records_read(json_t *fields, const json_t *row);
/* A new JSON object to send; read-only fields are left out. NULL and err where a value does not fit
 * its field, or a field is not in the catalogue. */
json_t *records_write(struct asperion *a, json_t *fields, const json_t *record,
                      struct koppel_error *err);
/* Takes from a row and from its lines what cannot be written, so that it can be sent back. */
void records_strip(json_t *fields, json_t *row);
/* Milliseconds of a zone-less date-time, for comparing only; 0 where it is none. */
int64_t records_time(const char *text);
/* The row's own id as text. out: "" where it has none. */
void records_id(const json_t *row, char *out, size_t bytes);

#endif
