/* SPDX-License-Identifier: MIT
 * Entities of a catalogue. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_ENTITY_H
#define KOPPEL_CATALOGUE_CATALOGUE_ENTITY_H

#include "catalogue/catalogue.h"
#include "catalogue/member.h"

/* The list "entities" into c. */
int catalogue_entity_parse(const struct cat_at *at, json_t *object, struct catalogue *c);

#endif
