/* SPDX-License-Identifier: MIT
 * Look-ups in value tables. */
#ifndef KOPPEL_MAPPING_MAP_TABLE_H
#define KOPPEL_MAPPING_MAP_TABLE_H

#include "config/conf.h"

#define MAP_TABLE_ROW_BYTES 256

/* The row for a key, borrowed: the key itself, the same with "*" for its first part, then "*".
 * NULL: there is none. row receives its own key where that is another, else "". */
json_t *map_table_row(const struct conf_table *table, const char *key,
                      char row[MAP_TABLE_ROW_BYTES]);

#endif
