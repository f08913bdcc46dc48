/* SPDX-License-Identifier: MIT
 * Mappings against the fields that an account has of its own. */
#ifndef KOPPEL_CONNECTION_DESCRIBED_CHECK_H
#define KOPPEL_CONNECTION_DESCRIBED_CHECK_H

#include "config/conf_report.h"
#include "connection/connection.h"

/* Asks the connection to describe every entity that a flow reads from it or writes to it, and tells
 * each rule that names a field inside of what is described (connection_describe.h) and is not
 * there, or fills one with a value or default of another type. -1 and err: it does not say. */
int described_check(struct connection *c, const struct conf *conf,
                    void (*wrong)(void *arg, const struct conf_mistake *m), void *arg,
                    struct koppel_error *err);

#endif
