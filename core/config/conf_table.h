/* SPDX-License-Identifier: MIT
 * A value table, read from its file. */
#ifndef KOPPEL_CONFIG_CONF_TABLE_H
#define KOPPEL_CONFIG_CONF_TABLE_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* s: its name and file. NULL: reported. Held. */
const struct conf_table *conf_table_load(struct conf_loader *l, config_setting_t *s);

/* The line of the table's file where the row of this key begins. */
int conf_table_line(const struct conf_table *t, const char *key);

#endif
