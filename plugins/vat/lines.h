/* SPDX-License-Identifier: MIT
 * Amounts of a mapping with and without VAT: one, a list of them, or lines that name their own
 * percentage. */
#ifndef KOPPEL_PLUGIN_VAT_LINES_H
#define KOPPEL_PLUGIN_VAT_LINES_H

#include <jansson.h>

#include "amounts.h"
#include "koppel/sdk.h"

/* Both give a new reference in *out, or fail and return -1. Arguments: rate, places. The value is
 * an amount or a list of amounts; what is blank stays so. */
int lines_of_rate(const struct koppel_call *c, enum amounts_way way, json_t **out);
/* Arguments: the members amount, rate and into, and places. The value is a list of objects; the
 * outcome is the list with `into` set in those that have an amount. */
int lines_of_rates(const struct koppel_call *c, enum amounts_way way, json_t **out);

#endif
