/* SPDX-License-Identifier: MIT
 * What the rows of a value table may lead to. */
#ifndef KOPPEL_SERVICE_TABLE_CHOICES_H
#define KOPPEL_SERVICE_TABLE_CHOICES_H

#include "service/service.h"

/* {"flow", "table" (as the flow names it)}: {"connection","list" (both null where the fields that
 * are filled through it have no choice list), "field": {"path","title"} (null: no rule uses it),
 * "values": [{"value","title"}], as the destination says them now}. */
int table_choices_show(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err);

#endif
