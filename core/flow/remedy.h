/* SPDX-License-Identifier: MIT
 * Reason codes and what a person can do about them. */
#ifndef KOPPEL_FLOW_REMEDY_H
#define KOPPEL_FLOW_REMEDY_H

/* One sentence; "" where nothing general helps. */
const char *remedy_for(const char *reason);

#endif
