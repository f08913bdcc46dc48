/* SPDX-License-Identifier: MIT
 * The store's own work, one after another. */
#include "store/sqlite_chores.h"

#include "store/sqlite_history.h"
#include "store/sqlite_words.h"

writer_chore *const sqlite_chores_all[WRITER_CHORES + 1] = {sqlite_words_index,
                                                            sqlite_history_roll};

static int tidy(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    for (int i = 0; sqlite_chores_all[i]; i++) {
        int64_t again_ms = 0;
        while (again_ms == 0) {
            if (sqlite_chores_all[i](s, c, &again_ms, err) != 0)
                return -1;
        }
    }
    return 0;
}

int sqlite_chores_tidy(struct store *s, struct koppel_error *err)
{
    return writer_run(sqlite_of(s), WRITER_SOFT, tidy, NULL, err);
}
