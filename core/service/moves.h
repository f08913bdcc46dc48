/* SPDX-License-Identifier: MIT
 * Taking the store to another place. */
#ifndef KOPPEL_SERVICE_MOVES_H
#define KOPPEL_SERVICE_MOVES_H

#include "service/service.h"

/* {"from","to"}: files, or connection strings of PostgreSQL: {"rows": taken over now}. Tells
 * {"table","rows"}. */
int moves_store(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

/* {}: takes the tables on to what this program knows: {"from","to" (schemas), "later": a host with
 * an older program runs that could not go on}. */
int moves_upgrade(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
