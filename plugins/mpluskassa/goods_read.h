/* SPDX-License-Identifier: MIT
 * Products and articles as sources: pages of getProducts. */
#ifndef MPLUSKASSA_GOODS_READ_H
#define MPLUSKASSA_GOODS_READ_H

#include "goods.h"

/* articles: a record per article, with the groups of its product; else one per product. */
int goods_read(struct mplus *m, const struct koppel_read_request *request, bool articles,
               struct koppel_batch *out, struct koppel_error *err);
/* The same for the articles or products with these numbers. */
int goods_read_fetch(struct mplus *m, const struct koppel_fetch_request *request, bool articles,
                     struct koppel_batch *out, struct koppel_error *err);

#endif
