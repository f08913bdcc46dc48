/* SPDX-License-Identifier: MIT
 * The digest of a record: what a link remembers to notice that nothing changed. */
#ifndef KOPPEL_FLOW_DIGEST_H
#define KOPPEL_FLOW_DIGEST_H

#include <jansson.h>

#define DIGEST_BYTES 33

/* 32 hex digits over a record's canonical text. -1: no memory. */
int digest_record(const json_t *record, char out[DIGEST_BYTES]);

#endif
