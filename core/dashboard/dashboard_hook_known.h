/* SPDX-License-Identifier: MIT
 * Addresses of messages that were looked up a moment ago: a message comes thousands of times a
 * second, and what its address is good for changes by order only. What this process changes is seen
 * at once, what another host does after two seconds. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_HOOK_KNOWN_H
#define KOPPEL_DASHBOARD_DASHBOARD_HOOK_KNOWN_H

#include "service/hook_rows.h"

struct dashboard_hook_known;

struct dashboard_hook_known *dashboard_hook_known_new(void); /* NULL: no memory */
void dashboard_hook_known_free(struct dashboard_hook_known *k); /* takes NULL */

/* As hook_rows_find. *anew: look into the store in any case; afterwards, whether that was done. */
int dashboard_hook_known_find(struct dashboard_hook_known *k, struct store *s,
                              const char *connection, const char *entity, bool *anew,
                              struct hook_rows_one *out, bool *found, struct koppel_error *err);

#endif
