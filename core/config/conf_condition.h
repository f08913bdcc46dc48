/* SPDX-License-Identifier: MIT
 * Lists of conditions: a flow's filter, a rule's `when`. */
#ifndef KOPPEL_CONFIG_CONF_CONDITION_H
#define KOPPEL_CONFIG_CONF_CONDITION_H

#include "config/conf_field.h"

void conf_condition_load(struct conf_loader *l, config_setting_t *s,
                         const struct conf_field_context *m, struct conf_condition **out,
                         int *count);

#endif
