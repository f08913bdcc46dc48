/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_VERIFY_H
#define KOPPEL_CONNECTION_CONNECTION_VERIFY_H

#include "connection/connection.h"
#include "connection/list.h"

/* What differs between the connector and the vendor's published description of the entity; nothing
 * where the connector has no such op. */
int connection_verify(struct connection *c, const char *entity, struct koppel_list *out,
                      struct koppel_error *err);

#endif
