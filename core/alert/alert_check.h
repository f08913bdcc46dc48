/* SPDX-License-Identifier: MIT
 * Goes through every page of a store's file, in a thread that nobody waits for: of a large file
 * that takes minutes. */
#ifndef KOPPEL_ALERT_ALERT_CHECK_H
#define KOPPEL_ALERT_ALERT_CHECK_H

#include "store/store.h"

struct alert_check;

/* where is copied, key included. NULL: there is no memory or no thread; or the store keeps
 * nothing. */
struct alert_check *alert_check_begin(const struct store_ops *ops, const struct store_conf *where);
/* Is it through? Then damaged tells, and text (of ERR_TEXT_BYTES) says what is wrong. */
bool alert_check_done(const struct alert_check *c, bool *damaged, char *text);
/* Who began it wants it no more; it may go on. Takes NULL. */
void alert_check_drop(struct alert_check *c);

#endif
