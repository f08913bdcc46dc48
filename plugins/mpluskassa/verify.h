/* SPDX-License-Identifier: MIT
 * The comparison with the description that the service publishes of itself. */
#ifndef MPLUSKASSA_VERIFY_H
#define MPLUSKASSA_VERIFY_H

#include "call.h"

/* One row for everything that differs where this entity needs it. */
int verify_entity(struct mplus *m, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);

#endif
