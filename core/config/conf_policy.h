/* SPDX-License-Identifier: MIT
 * What a reference does where the configuration says nothing. */
#ifndef KOPPEL_CONFIG_CONF_POLICY_H
#define KOPPEL_CONFIG_CONF_POLICY_H

#include "catalogue/catalogue.h"
#include "config/conf.h"

/* Fills missing, update_existing and type_change. e: the entity that is referred to; NULL: it is
 * not known. */
void conf_policy_defaults(const struct cat_reference *c, const struct cat_entity *e,
                          struct conf_reference *r);

#endif
