/* SPDX-License-Identifier: MIT
 * Conditions that contradict one another. */
#ifndef KOPPEL_CONFIG_CONF_NEVER_H
#define KOPPEL_CONFIG_CONF_NEVER_H

#include "config/conf_loader.h"
#include "model/model.h"

/* Of conditions that must all hold: two that never do together are a mistake, where the later one
 * stands. Those that loading found a mistake in are passed over. */
void conf_never_check(struct conf_loader *l, const struct conf_condition *conditions, int count);

/* Is there no record of the core model that meets both lists, now or later? What a record's fields
 * of a few fixed values say (its state) changes, so these keep nothing apart. */
bool conf_never_both(const struct conf_condition *a, int a_count, const struct conf_condition *b,
                     int b_count, const struct model *m);

#endif
