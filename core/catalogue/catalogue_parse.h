/* SPDX-License-Identifier: MIT
 * Catalogue text -> struct catalogue. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_PARSE_H
#define KOPPEL_CATALOGUE_CATALOGUE_PARSE_H

#include "catalogue/catalogue.h"

/* NULL and err (first mistake, with its path) on any mistake. */
struct catalogue *catalogue_parse(const char *json_text, struct koppel_error *err);
/* The same from a tree, which is stolen, also on failure. */
struct catalogue *catalogue_parse_tree(json_t *json, struct koppel_error *err);
/* Text to a tree; what: "catalogue" or "overlay", for the message. */
json_t *catalogue_parse_text(const char *text, const char *what, struct koppel_error *err);

#endif
