/* SPDX-License-Identifier: MIT
 * Holds an entity of the catalogue against the description that the service gives of itself: what
 * would be sent or is expected, and is not there or is of another type. */
#ifndef ASPERION_VERIFY_H
#define ASPERION_VERIFY_H

#include "api.h"

/* Fails with the reason "description.none" where the service publishes no description. */
int verify_entity(struct asperion *a, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);

#endif
