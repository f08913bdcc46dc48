/* SPDX-License-Identifier: MIT
 * Jobs as rows, one by one, and their attempts. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_LIST_H
#define KOPPEL_STORE_SQL_LIST_H

#include "store/sql.h"

/* The row of one job: 1, 0 there is none, -1 and err; store_job_row_done(out) in any case. */
int sql_list_row(struct sql_store *s, struct conn *c, int64_t job, struct store_job_row *out,
                    struct koppel_error *err);

/* The job's number, 0 where there can be none of that address, -1 and err. */
int64_t sql_list_number(struct sql_store *s, struct conn *c, struct job_id id,
                           struct koppel_error *err);

int sql_list_job(struct store *s, struct job_id id, struct store_job_row *row, char **payload,
                    int *found, struct koppel_error *err);
int sql_list_activity(struct store *s, struct job_id id,
                         int (*visit)(void *arg, const struct store_activity *a), void *arg,
                         struct koppel_error *err);

#endif
