/* SPDX-License-Identifier: MIT
 * A record of a system asked by what its fields mean: the catalogue gives each its role. */
#ifndef KOPPEL_MAPPING_ROLE_H
#define KOPPEL_MAPPING_ROLE_H

#include <jansson.h>

#include "catalogue/catalogue.h"

/* The text that the record has in the field of that role, "" where there is none. buf as
 * map_text. */
const char *role_text(const struct cat_entity *e, const char *role, const json_t *record,
                      char buf[32]);

#endif
