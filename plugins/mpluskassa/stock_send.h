/* SPDX-License-Identifier: MIT
 * Sending what is left of a run of stock levels. */
#ifndef MPLUSKASSA_STOCK_SEND_H
#define MPLUSKASSA_STOCK_SEND_H

#include "stock.h"

/* Sends every level that is not settled, branch by branch, and reports the items that are done. */
int stock_send(struct stock_run *run, struct koppel_error *err);

#endif
