/* SPDX-License-Identifier: MIT
 * Ends that one transaction counts, gathered so that it writes each counter once. */
#ifndef KOPPEL_STORE_TALLY_H
#define KOPPEL_STORE_TALLY_H

#include "store/conn.h"

struct tally_row {
    int state;
    char *reason;
    int64_t n;
};

struct tally {
    struct tally_row *rows;
    int count, room;
};

int tally_add(struct tally *t, int state, const char *reason, struct koppel_error *err);
int tally_write(const struct tally *t, struct conn *c, int64_t flow, int part,
                struct koppel_error *err);
void tally_done(struct tally *t); /* takes a zeroed one */

#endif
