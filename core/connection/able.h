/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_CONNECTION_ABLE_H
#define KOPPEL_CONNECTION_ABLE_H

#include "connection/connection.h"

/* The entity, where the connection's catalogue has it and it can do one of CAN_*; verb: for the
 * message. NULL and err (KOPPEL_E_CONFIG). */
const struct cat_entity *able_entity(const struct connection *c, const char *entity, unsigned can,
                                     const char *verb, struct koppel_error *err);

/* The field that must hold a record's key; NULL: of an entity whose shape is open the key need not
 * be a member of the record. */
const char *able_key_field(const struct cat_entity *e);

#endif
