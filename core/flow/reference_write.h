/* SPDX-License-Identifier: MIT
 * Makes a reference at the destination, or brings it up to date there. */
#ifndef KOPPEL_FLOW_REFERENCE_WRITE_H
#define KOPPEL_FLOW_REFERENCE_WRITE_H

#include "flow/reference_find.h"

/* Announces one write of the reference and sends it; w->link says what came of it. digest: of what
 * the record says of it. */
int reference_write(struct wanted *w, enum link_write write, const char *digest,
                    struct koppel_error *err);
/* Writes what is known of it through to the store. */
int reference_write_link(struct wanted *w, struct koppel_error *err);

#endif
