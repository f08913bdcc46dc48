/* SPDX-License-Identifier: MIT
 * Places in a JSON value: "data.items[0].id"; "" is the value itself. */
#ifndef PLUGINS_REST_PLACE_H
#define PLUGINS_REST_PLACE_H

#include "rest.h"

/* What is wrong with how a place is written; NULL: nothing. */
const char *place_fault(const char *place);
/* What stands there, borrowed; NULL: nothing. place NULL: the value itself. */
json_t *place_at(const json_t *value, const char *place);
/* The same, and NULL where null stands there. */
json_t *place_get(const json_t *value, const char *place);
/* The text, number or truth that stands there as text. false: none of these, or longer than
 * room. */
bool place_text(const json_t *value, const char *place, char *out, size_t room);

#endif
