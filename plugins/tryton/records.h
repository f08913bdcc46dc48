/* SPDX-License-Identifier: MIT
 * Reading, finding and writing records of every kind. */
#ifndef TRYTON_RECORDS_H
#define TRYTON_RECORDS_H

#include "rpc.h"

/* One batch behind the cursor, which is the id of the last record. */
int records_read(struct tryton *t, const struct koppel_read_request *request,
                 struct koppel_batch *out, struct koppel_error *err);
int records_fetch(struct tryton *t, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int records_find(struct tryton *t, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err);
int records_write(struct tryton *t, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err);

#endif
