/* SPDX-License-Identifier: MIT
 * Reads an entity with numbered pages: several pages are asked for at the same time, and given out
 * in their order. A list of many pages at a slow peer takes the time of its answers otherwise. */
#ifndef KOPPEL_CONNECTION_PAGES_H
#define KOPPEL_CONNECTION_PAGES_H

#include "connection/batch.h"
#include "connection/connection.h"

struct pages;

/* From page `first` (the first one is 1). c, entity and options are borrowed. NULL: no memory, or
 * no thread could be started. */
struct pages *pages_open(struct connection *c, const char *entity, json_t *options, uint32_t first,
                         struct koppel_error *err);
/* The next page in order; out->more tells whether another follows. -1: what kept this page from
 * being read; close, and open again at this page. */
int pages_next(struct pages *p, struct koppel_batch *out, struct koppel_error *err);
uint32_t pages_number(const struct pages *p); /* of the page that comes next */
/* Waits for the requests under way. Takes NULL. */
void pages_close(struct pages *p);

#endif
