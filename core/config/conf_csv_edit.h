/* SPDX-License-Identifier: MIT
 * Edits of a value table in which every other byte stays: separator, quotes, comments, byte order
 * mark, line ends, and a last line that has none. */
#ifndef KOPPEL_CONFIG_CONF_CSV_EDIT_H
#define KOPPEL_CONFIG_CONF_CSV_EDIT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "config/conf_csv.h"

#define CONF_CSV_EDIT_KEYS 8

/* Which columns of a sheet are the table. */
struct conf_csv_edit_shape {
    int keys[CONF_CSV_EDIT_KEYS], key_count; /* columns from 0 */
    int value;
    bool heading; /* the first row names the columns */
};

/* The two columns of a table without a heading. */
extern const struct conf_csv_edit_shape conf_csv_edit_plain;

enum conf_csv_edit_kind {
    CONF_CSV_EDIT_ADD, /* refused where there is a row of that key */
    CONF_CSV_EDIT_SET, /* its value where there is a row, else a new one */
    CONF_CSV_EDIT_REMOVE,
};

struct conf_csv_edit_order {
    enum conf_csv_edit_kind kind;
    const char *key;   /* of several columns with | between */
    const char *value; /* NULL with REMOVE */
};

/* The text after the order; the caller frees it. NULL and err (KOPPEL_E_CONFIG): text is no sheet
 * of that shape, or the order does not fit it. */
char *conf_csv_edit(const char *text, const struct conf_csv_edit_shape *shape,
                    const struct conf_csv_edit_order *order, struct koppel_error *err);

/* The rows as [{"key": [...], "value": ..., "line": n}]; NULL and err. */
json_t *conf_csv_edit_rows(const char *text, const struct conf_csv_edit_shape *shape,
                           struct koppel_error *err);

#endif
