/* SPDX-License-Identifier: MIT
 * Exact look-ups. */
#ifndef PLUGINS_REST_FIND_H
#define PLUGINS_REST_FIND_H

#include "rest.h"

int find_records(struct rest *r, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err);

#endif
