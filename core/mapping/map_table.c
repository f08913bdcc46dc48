/* SPDX-License-Identifier: MIT
 * Look-ups in value tables. */
#include "mapping/map_table.h"

#include <stdio.h>
#include <string.h>

json_t *map_table_row(const struct conf_table *table, const char *key,
                      char row[MAP_TABLE_ROW_BYTES])
{
    const char *bar = strchr(key, '|');
    json_t *found = json_object_get(table->rows, key);
    if (found) {
        row[0] = '\0';
        return found;
    }
    if (bar && snprintf(row, MAP_TABLE_ROW_BYTES, "*%s", bar) < MAP_TABLE_ROW_BYTES)
        found = json_object_get(table->rows, row);
    if (found)
        return found;
    memcpy(row, "*", 2);
    return json_object_get(table->rows, "*");
}
