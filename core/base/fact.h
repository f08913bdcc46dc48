/* SPDX-License-Identifier: MIT
 * Facts of a failure: what a person mends once for all records that have it. */
#ifndef KOPPEL_BASE_FACT_H
#define KOPPEL_BASE_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Adds a fact to err->facts, masked; one that does not fit, or is no text, is left out. Returns -1,
 * so that it can end a function. */
int fact_add(struct koppel_error *err, const char *name, const char *value);
/* The fact of that name, cut to room; false: there is none. */
bool fact_text(const struct koppel_error *err, const char *name, char *out, size_t room);

#endif
