/* SPDX-License-Identifier: MIT
 * A run of stock levels on its way to the till: what stock.c, stock_send.c share. */
#ifndef MPLUSKASSA_STOCK_H
#define MPLUSKASSA_STOCK_H

#include "call.h"

/* One item of the write request. */
struct stock_entry {
    uint32_t index;  /* of the item */
    char number[24]; /* of its article; empty until a PLU was looked up */
    const char *plu; /* NULL: the record names the number itself */
    bool managed;
    bool settled; /* it has its result */
    int waiting;  /* levels that no call has taken yet */
    int taken;    /* levels that one has */
};

/* One amount of one article at one branch. */
struct stock_level {
    struct stock_entry *entry;
    char branch[12];
    char amount[48]; /* an exact decimal */
};

struct stock_run {
    struct mplus *m;
    const struct koppel_write_request *request;
    struct koppel_results *out;
    struct stock_entry *entries;
    struct stock_level *levels;
    size_t entry_count, level_count;
};

/* The item is over with this error, and nothing more of it is sent. */
void stock_refuse(struct stock_run *run, struct stock_entry *entry, const char *code,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The item is over where its article, known by this member and text, is among those that cannot be
 * read. false: it is not. */
bool stock_refuse_unreadable(struct stock_run *run, struct stock_entry *entry,
                             const struct soap_unreadable *bad, const char *key, const char *text);

int stock_write(struct mplus *m, const struct koppel_write_request *request,
                struct koppel_results *out, struct koppel_error *err);

#endif
