/* SPDX-License-Identifier: MIT
 * Check digits of VAT numbers. */
#ifndef KOPPEL_PLUGIN_VAT_DIGITS_H
#define KOPPEL_PLUGIN_VAT_DIGITS_H

#include <stdbool.h>

/* Are they right? number: as vat_number_parse writes it, with the letters of its country. Numbers
 * that have none (some of natural persons in Bulgaria, Czechia and Latvia) are right. */
bool digits_right(const char *number);

#endif
