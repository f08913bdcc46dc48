/* SPDX-License-Identifier: MIT
 * References after a refusal. */
#ifndef KOPPEL_FLOW_REFERENCE_VERIFY_H
#define KOPPEL_FLOW_REFERENCE_VERIFY_H

#include "flow/work.h"

/* After the destination refused the record: are the references still there that were taken from
 * their links unasked? Links of those that are gone, or renumbered, are mended; *changed says
 * so. */
int reference_verify(struct work *w, bool *changed, struct koppel_error *err);

#endif
