/* SPDX-License-Identifier: MIT
 * What the fields that an explanation names are called. */
#ifndef KOPPEL_SERVICE_FIELD_TITLES_H
#define KOPPEL_SERVICE_FIELD_TITLES_H

#include <jansson.h>

#include "config/conf.h"

/* get, send: rows as map_recorder.h has them. {"source", "core", "destination": {path: {"en", "de",
 * ...}}}: of every field there and of what it lies in, as far as the catalogues and the model know
 * it; a path names elements of lists without their numbers ("lines.vatCode"). NULL: no memory. */
json_t *field_titles(const struct conf_flow *flow, const json_t *get, const json_t *send);

#endif
