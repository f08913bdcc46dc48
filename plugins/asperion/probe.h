/* SPDX-License-Identifier: MIT
 * Whether the login reaches the administration that is set. */
#ifndef ASPERION_PROBE_H
#define ASPERION_PROBE_H

#include "api.h"

/* Finds the administration that is set among those of this login and reports it. */
int probe_tenant(struct asperion *a, struct koppel_list *facts, struct koppel_error *err);

#endif
