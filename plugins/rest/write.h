/* SPDX-License-Identifier: MIT
 * Creating, changing and removing records. */
#ifndef PLUGINS_REST_WRITE_H
#define PLUGINS_REST_WRITE_H

#include "rest.h"

int write_records(struct rest *r, const struct koppel_write_request *request,
                  struct koppel_results *out, struct koppel_error *err);

#endif
