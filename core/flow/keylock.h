/* SPDX-License-Identifier: MIT
 * A lock per name, so that two jobs that need the same new customer wait for one another. */
#ifndef KOPPEL_FLOW_KEYLOCK_H
#define KOPPEL_FLOW_KEYLOCK_H

/* Locks are shared by hash among 256; hold one at a time only, or two threads may wait for ever. */
void keylock_take(const char *name);
void keylock_give(const char *name);

#endif
