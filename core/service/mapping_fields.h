/* SPDX-License-Identifier: MIT
 * What a mapping can be written with. */
#ifndef KOPPEL_SERVICE_MAPPING_FIELDS_H
#define KOPPEL_SERVICE_MAPPING_FIELDS_H

#include "service/service.h"

/* {"flow"}: {"source": fields, "core": fields, "destination": fields, "functions": [{"name",
 * "help", "record"}], "tables": [name], "settings": [name]}. fields: [{"path", "title", "type",
 * "required", "read_only", "values": [text]}], those of the catalogue and those that the account
 * has of its own, where it says so now; a path of a list's element has []: "lines[].vatCode". */
int mapping_fields(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);

#endif
