/* SPDX-License-Identifier: MIT
 * Whether a description can be done. */
#ifndef PLUGINS_REST_DESCRIBE_H
#define PLUGINS_REST_DESCRIBE_H

#include "rest.h"

/* The connector's check(). */
int describe_check(const struct koppel_host *host, json_t *catalogue, struct koppel_error *err);

#endif
