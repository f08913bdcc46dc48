/* SPDX-License-Identifier: MIT
 * Which value tables the flows of a set-up need, what their rows are asked by, and what they may
 * give: read off the mappings in effect, the catalogues and the lists of both systems. */
#ifndef KOPPEL_SERVICE_SETUP_KEYS_H
#define KOPPEL_SERVICE_SETUP_KEYS_H

#include "service/setup_work.h"

/* The tables, in the order in which they are best asked for: those whose values have rates first,
 * as others are proposed by them. Of the configuration that was loaded without tables.
 *
 * {"name", "title", "connection" and "list": of what its values are chosen (null: any text),
 * "rates": the list tells rates, "from", "to": systems, "flows": [name],
 * "keys": [{"key", "title", "parts": [{"role": "region" | "rate" | "kind" | "list" | "word",
 * "value", "title", "facts"}]}]}. A table of whose keys nothing is known has none, or is left
 * out where a mapping can do without it. NULL and err: a list cannot be had. */
json_t *setup_keys_tables(struct setup_work *w, struct koppel_error *err);

#endif
