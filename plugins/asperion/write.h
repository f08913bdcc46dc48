/* SPDX-License-Identifier: MIT
 * Creating and changing records. */
#ifndef ASPERION_WRITE_H
#define ASPERION_WRITE_H

#include "entity.h"

int write_records(struct asperion *a, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err);

#endif
