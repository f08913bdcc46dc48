/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_PROBE_H
#define KOPPEL_CONNECTION_CONNECTION_PROBE_H

#include "connection/connection.h"
#include "connection/list.h"

/* Logs in, changes nothing; rows are facts (outcome 0) and steps. */
int connection_probe(struct connection *c, struct koppel_list *facts, json_t *trace,
                     struct koppel_error *err);

#endif
