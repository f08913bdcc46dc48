/* SPDX-License-Identifier: MIT
 * Jobs as rows, one by one, and their attempts. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQLITE_LIST_H
#define KOPPEL_STORE_SQLITE_LIST_H

#include "store/sqlite.h"

int sqlite_list_jobs(struct store *s, const struct store_job_filter *filter,
                     int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                     struct koppel_error *err);
int sqlite_list_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
                    int *found, struct koppel_error *err);
int sqlite_list_activity(struct store *s, struct job_id id,
                         int (*visit)(void *arg, const struct store_activity *a), void *arg,
                         struct koppel_error *err);

#endif
