/* SPDX-License-Identifier: MIT
 * Which fields a record cannot do without. */
#ifndef KOPPEL_FLOW_PREVIEW_FIELDS_H
#define KOPPEL_FLOW_PREVIEW_FIELDS_H

#include <jansson.h>

#include "catalogue/catalogue.h"

/* An array of the paths of fields that must have a value: "date", "lines[].vatCode". NULL: no
 * memory. */
json_t *preview_fields_required(const struct cat_entity *e);
/* Appends those that have none in the record, as {"side", "field", "title"} with the numbers of the
 * elements: "lines[2].vatCode". */
void preview_fields_missing(const struct cat_entity *e, const json_t *record, const char *side,
                            json_t *out);

#endif
