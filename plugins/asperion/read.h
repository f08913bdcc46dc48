/* SPDX-License-Identifier: MIT
 * Reading the lists of an entity, page by page. */
#ifndef ASPERION_READ_H
#define ASPERION_READ_H

#include "entity.h"

int read_page(struct asperion *a, const struct koppel_read_request *request,
              struct koppel_batch *out, struct koppel_error *err);
/* Gives one row. 1: place says why it cannot be read, and nothing was given. */
int read_emit(struct asperion *a, const struct entity_use *u, const json_t *options,
              const json_t *row, char place[ANSWER_PLACE_BYTES], struct koppel_batch *out,
              struct koppel_error *err);

#endif
