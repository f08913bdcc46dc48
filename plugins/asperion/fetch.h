/* SPDX-License-Identifier: MIT
 * Records of an entity by their ids, as a reading gives them. */
#ifndef ASPERION_FETCH_H
#define ASPERION_FETCH_H

#include "api.h"

int fetch_records(struct asperion *a, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err);

#endif
