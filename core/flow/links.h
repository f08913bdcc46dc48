/* SPDX-License-Identifier: MIT
 * The links of one batch: what its records, their references and their unique values are known by,
 * fetched in few reads, and brought up to date as the batch goes. Used by one thread. */
#ifndef KOPPEL_FLOW_LINKS_H
#define KOPPEL_FLOW_LINKS_H

#include "store/store.h"

struct links {
    struct store *store;             /* borrowed */
    /* Of the batch; borrowed. NULL: a preview, whose links are known here alone. */
    const struct store_lease *lease;
    bool lost;                       /* the lease is another's now: nothing more may be written */
    struct links_entry **buckets;
    int room, count, wanted;
};

void links_init(struct links *l, struct store *store, const struct store_lease *lease);
void links_done(struct links *l);

/* Notes that this link will be asked for. Repeatable. -1: no memory. */
int links_want(struct links *l, const char *scope, const char *key, struct koppel_error *err);
/* Reads all that was noted and not read yet, in one call. */
int links_fetch(struct links *l, struct koppel_error *err);
/* The link, from here or from the store; never NULL in *out where 0 is returned. Borrowed until
 * links_done; who brings it up to date changes it in place. */
int links_get(struct links *l, const char *scope, const char *key, struct store_link **out,
              struct koppel_error *err);
/* The same, read anew: under a lock, another thread may have changed it. */
int links_again(struct links *l, const char *scope, const char *key, struct store_link **out,
                struct koppel_error *err);
/* Writes changes through to the store; those of a preview go nowhere. Where the lease was lost, -1
 * with KOPPEL_E_CANCELLED, and l->lost is set. The links here are not touched: who calls has
 * changed them. */
int links_put(struct links *l, const struct store_link_change *changes, int count,
              struct koppel_error *err);
/* The same for one link, as it stands here now. */
int links_keep(struct links *l, const char *scope, const char *key, const struct store_link *link,
               struct koppel_error *err);
/* What others name its record by; copied. NULL: its id. -1: no memory. */
int links_alias(struct store_link *link, const char *alias, struct koppel_error *err);

/* The change that makes the store know what this link says. Borrows from it. */
struct store_link_change links_change(const char *scope, const char *key,
                                      const struct store_link *link);

/* A link used as a fact: key -> one text. The text is borrowed ("" where there is none). */
int links_fact(struct links *l, const char *scope, const char *key, const char **out,
               struct koppel_error *err);
/* The change that remembers a fact. Borrows. */
struct store_link_change links_remember(const char *scope, const char *key, const char *text);

#endif
