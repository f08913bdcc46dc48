/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_CONNECTION_DESCRIBE_H
#define KOPPEL_CONNECTION_CONNECTION_DESCRIBE_H

#include "connection/connection.h"

/* The connection's catalogue with the fields that this account has of its own in the entity; free
 * it with catalogue_free. The same as configured where the entity cannot be described. */
int connection_describe(struct connection *c, const char *entity, struct catalogue **out,
                        struct koppel_error *err);

#endif
