/* SPDX-License-Identifier: MIT
 * What the parts of a catalogue must be to one another. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_CHECK_H
#define KOPPEL_CATALOGUE_CATALOGUE_CHECK_H

#include "catalogue/catalogue.h"
#include "catalogue/member.h"

int catalogue_check_entity(const struct cat_at *at, const struct cat_entity *e); /* by itself */
int catalogue_check_links(const struct cat_at *root, const struct catalogue *c); /* all together */

#endif
