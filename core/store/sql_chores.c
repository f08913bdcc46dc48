/* SPDX-License-Identifier: MIT
 * The store's own work, one after another. */
#include "store/sql_chores.h"

#include "store/sql_history.h"
#include "store/sql_words.h"

sql_chore *const sql_chores_all[SQL_CHORES + 1] = {sql_words_index,
                                                            sql_history_roll};

static int tidy(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)arg;
    for (int i = 0; sql_chores_all[i]; i++) {
        int64_t again_ms = 0;
        while (again_ms == 0) {
            if (sql_chores_all[i](s, c, &again_ms, err) != 0)
                return -1;
        }
    }
    return 0;
}

int sql_chores_tidy(struct store *s, struct koppel_error *err)
{
    return sql_change(sql_of(s), SQL_SOFT, tidy, NULL, err);
}
