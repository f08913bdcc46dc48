/* SPDX-License-Identifier: MIT
 * The index of the words that jobs are found by, written behind them. */
#ifndef KOPPEL_STORE_SQL_WORDS_H
#define KOPPEL_STORE_SQL_WORDS_H

#include "store/sql.h"
#include "store/hashes.h"

#define SQL_WORDS_SEQ_BITS 20 /* word_job.id: segment, then the place in it */

/* A chore: jobs that were settled since the last slice go into the index. */
int sql_words_index(struct sql_store *s, struct conn *c, int64_t *again_ms,
                       struct koppel_error *err);
/* Takes a job out of the index, whose hashes are still kept with it. Inside a transaction. */
int sql_words_forget(struct conn *c, int64_t job, struct koppel_error *err);

#endif
