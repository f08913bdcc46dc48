/* SPDX-License-Identifier: MIT
 * Records by their keys. */
#ifndef PLUGINS_REST_FETCH_H
#define PLUGINS_REST_FETCH_H

#include "rest.h"

int fetch_records(struct rest *r, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err);

#endif
