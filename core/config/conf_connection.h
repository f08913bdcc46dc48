/* SPDX-License-Identifier: MIT
 * A file of connections.d. */
#ifndef KOPPEL_CONFIG_CONF_CONNECTION_H
#define KOPPEL_CONFIG_CONF_CONNECTION_H

#include "config/conf_file.h"

void conf_connection_load(struct conf_loader *l, struct conf_file *f, struct conf_connection *c);
/* The connector's name; "" where it could not be loaded. */
const char *conf_connection_connector(const struct conf_connection *c);

#endif
