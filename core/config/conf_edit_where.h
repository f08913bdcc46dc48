/* SPDX-License-Identifier: MIT
 * Where a setting or a table of the configuration stands: which file, and which place there. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_WHERE_H
#define KOPPEL_CONFIG_CONF_EDIT_WHERE_H

#include "config/conf_csv_edit.h"
#include "config/conf_edit_files.h"

/* "flows/orders/every", "connections/till/settings/port", "mappings/x.conf:map/0/to", or a setting
 * of koppel.conf. *file: absolute, the caller frees it; *rest: the path inside of it, in path. -1
 * and err: there is no such flow, connection or file, with the nearest name that is. */
int conf_edit_where(struct conf_edit_files *files, const char *path, char **file,
                    const char **rest, struct koppel_error *err);

/* A table as a flow names it. */
struct conf_edit_table {
    char *file; /* absolute; freed by conf_edit_where_done */
    struct conf_csv_edit_shape shape;
};
/* "vat", or "orders/vat" where flows differ in what that is. */
int conf_edit_where_table(struct conf_edit_files *files, const char *name,
                          struct conf_edit_table *out, struct koppel_error *err);
void conf_edit_where_done(struct conf_edit_table *t);

#endif
