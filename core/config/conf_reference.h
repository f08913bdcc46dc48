/* SPDX-License-Identifier: MIT
 * The references of a flow. */
#ifndef KOPPEL_CONFIG_CONF_REFERENCE_H
#define KOPPEL_CONFIG_CONF_REFERENCE_H

#include "catalogue/catalogue.h"
#include "config/conf_file.h"

/* to: the destination's entity, which lists them. */
void conf_reference_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                         const struct cat_entity *to);

#endif
