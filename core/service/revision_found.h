/* SPDX-License-Identifier: MIT
 * A configuration that was found on the disk becomes active, or is about to be changed by order:
 * whoever wrote it by hand is its author. */
#ifndef KOPPEL_SERVICE_REVISION_FOUND_H
#define KOPPEL_SERVICE_REVISION_FOUND_H

#include "engine/revision.h"

/* A revision of it where it differs from the last one that was active, by the owner of the file
 * that was changed last. *seq (may be NULL). */
int revision_found(const struct revision_place *p, const struct conf *conf, int64_t *seq,
                   struct koppel_error *err);
#endif
