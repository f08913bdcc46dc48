/* SPDX-License-Identifier: MIT
 * Ends that one transaction counts. */
#include "store/tally.h"

#include <stdlib.h>
#include <string.h>

int tally_add(struct tally *t, int state, const char *reason, struct koppel_error *err)
{
    for (int i = 0; i < t->count; i++) {
        if (t->rows[i].state == state && strcmp(t->rows[i].reason, reason) == 0) {
            t->rows[i].n++;
            return 0;
        }
    }
    if (t->count == t->room) {
        int room = t->room ? t->room * 2 : 8;
        struct tally_row *rows = realloc(t->rows, (size_t)room * sizeof *rows);
        if (!rows)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        t->rows = rows;
        t->room = room;
    }
    char *copy = strdup(reason);
    if (!copy)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    t->rows[t->count++] = (struct tally_row){state, copy, 1};
    return 0;
}

int tally_write(const struct tally *t, struct conn *c, int64_t flow, int part,
                struct koppel_error *err)
{
    for (int i = 0; i < t->count; i++) {
        const struct tally_row *r = &t->rows[i];
        if (conn_run(c, SQL_TALLY_ADD, err, "iiiti", flow, (int64_t)part, (int64_t)r->state,
                     r->reason, r->n) != 0)
            return -1;
    }
    return 0;
}

void tally_done(struct tally *t)
{
    for (int i = 0; i < t->count; i++)
        free(t->rows[i].reason);
    free(t->rows);
    *t = (struct tally){0};
}
