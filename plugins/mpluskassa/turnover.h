/* SPDX-License-Identifier: MIT
 * The turnover groups of lines: whether a line is turnover, a deposit or a gift card. */
#ifndef MPLUSKASSA_TURNOVER_H
#define MPLUSKASSA_TURNOVER_H

#include "call.h"

/* Fills turnoverGroup, turnoverGroupName and turnoverGroupType of the lines that lack them, as the
 * till does on its receipts: from their articles (getProducts, Article.turnoverGroup) and the list
 * of groups (getTurnoverGroups). So a deposit is one whichever way it was sold. No call where
 * nothing is lacking. */
int turnover_complete(struct mplus *m, json_t *records, struct koppel_error *err);

#endif
