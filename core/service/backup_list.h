/* SPDX-License-Identifier: MIT
 * What of a configuration directory goes into a backup. */
#ifndef KOPPEL_SERVICE_BACKUP_LIST_H
#define KOPPEL_SERVICE_BACKUP_LIST_H

#include <jansson.h>

#include "store/backup.h"

struct backup_list {
    struct backup_file *files; /* their names and texts are the list's */
    int count;
    json_t *secrets;  /* texts: where secrets come from, as the files say */
    json_t *left_out; /* texts: names of files that are no text, too large, or many */
};

/* Every regular file below dir but for hidden ones, secrets, and the store's (those whose path
 * begins with store_path). Both absolute. backup_list_done in any case. */
int backup_list_fill(struct backup_list *l, const char *dir, const char *store_path,
                     struct koppel_error *err);
/* The same of the configuration as it counts now: where something is published, that stands in the
 * place of the files. */
int backup_list_now(struct backup_list *l, const char *dir, const char *store_path,
                    struct koppel_error *err);
void backup_list_done(struct backup_list *l);

#endif
