/* SPDX-License-Identifier: MIT
 * What the flows of a configuration ask of a connection: entities that are read, or looked for. */
#ifndef KOPPEL_CONNECTION_CONNECTION_NEEDS_H
#define KOPPEL_CONNECTION_CONNECTION_NEEDS_H

#include "connection/connection.h"

struct connection_need {
    const struct cat_entity *entity;
    const struct conf_flow *flow; /* the first that needs it, one that is enabled if there is any */
    bool read;                    /* records are read; else they are looked for, or only written */
};

/* One per entity and way of use; *out is the caller's to free, all else
 * is borrowed. Gives their number; -1: no memory. */
int connection_needs(const struct conf *conf, const struct conf_connection *connection,
                     struct connection_need **out);

#endif
