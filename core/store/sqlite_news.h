/* SPDX-License-Identifier: MIT
 * How an engine hears of what another process left for it. */
#ifndef KOPPEL_STORE_SQLITE_NEWS_H
#define KOPPEL_STORE_SQLITE_NEWS_H

#include "store/sqlite.h"

int sqlite_news(struct store *s);
void sqlite_news_tell(struct sqlite_store *s);

#endif
