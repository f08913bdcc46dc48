/* SPDX-License-Identifier: MIT
 * What differs between two JSON values, field by field. */
#ifndef KOPPEL_FLOW_CASES_DIFFER_H
#define KOPPEL_FLOW_CASES_DIFFER_H

#include <jansson.h>

/* Adds {"path", "expected", "got"} to the list for each field that differs; what is not there has
 * no "expected" or "got". path: of the values themselves. Either may be NULL. -1: no memory. */
int cases_differ(const char *path, const json_t *expected, const json_t *got, json_t *out);

#endif
