/* SPDX-License-Identifier: MIT
 * Conditions that contradict one another. */
#ifndef KOPPEL_CONFIG_CONF_NEVER_H
#define KOPPEL_CONFIG_CONF_NEVER_H

#include "config/conf_loader.h"

/* Of conditions that must all hold: two that never do together are a mistake, where the later one
 * stands. Those that loading found a mistake in are passed over. */
void conf_never_check(struct conf_loader *l, const struct conf_condition *conditions, int count);

#endif
