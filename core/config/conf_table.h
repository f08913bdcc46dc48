/* SPDX-License-Identifier: MIT
 * A value table, read from its file. */
#ifndef KOPPEL_CONFIG_CONF_TABLE_H
#define KOPPEL_CONFIG_CONF_TABLE_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* s: its name with its file, or with a group of file, keys and value. Never NULL; with mistakes,
 * which are reported, it lacks rows. Held. */
const struct conf_table *conf_table_load(struct conf_loader *l, config_setting_t *s);
/* One without rows, whose rows have so many keys (0: as their text tells). Held. */
struct conf_table *conf_table_new(struct conf_loader *l, const char *name, struct conf_at at,
                                  int keys);

#endif
