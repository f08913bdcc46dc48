/* SPDX-License-Identifier: MIT
 * The thread that does a store's own work while hosts write: the index of words, the history. It
 * also listens for orders that others left. */
#ifndef KOPPEL_STORE_POSTGRES_KEEPER_H
#define KOPPEL_STORE_POSTGRES_KEEPER_H

#include "store/postgres.h"

int postgres_keeper_start(struct postgres_store *s, struct koppel_error *err);
void postgres_keeper_stop(struct postgres_store *s); /* takes one that was not started */
/* store.h tells what this is. */
int postgres_keeper_news(struct store *s);

#endif
