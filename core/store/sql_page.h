/* SPDX-License-Identifier: MIT
 * Jobs in pages, and those that a filter means (struct store_ops: jobs, pick). */
#ifndef KOPPEL_STORE_SQL_PAGE_H
#define KOPPEL_STORE_SQL_PAGE_H

#include "store/sql.h"

int sql_page(struct store *s, const struct store_job_filter *filter, struct store_page *page,
                int (*visit)(void *arg, const struct store_job_row *row), void *arg,
                struct koppel_error *err);
int sql_page_pick(struct store *s, const struct store_job_filter *filter,
                     int (*visit)(void *arg, const struct store_pick *p), void *arg,
                     struct koppel_error *err);

#endif
