/* SPDX-License-Identifier: MIT
 * Countries of ISO 3166 by code and by name, and currencies of ISO 4217. The tables are made from
 * Debian's iso-codes when Koppel is built (base/country_table.py).
 *
 * A country is known by its two or three letters or three digits and by its name in Dutch, German,
 * English and its own language, whatever the case, accents, blanks and dots; "EL" is Greece. "XI",
 * Northern Ireland, is a code of its own: for the VAT of goods it is in the EU, and GB is not.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_COUNTRY_H
#define KOPPEL_BASE_COUNTRY_H

#include <stdbool.h>

/* The two letters of a country that was given by code or name; NULL: none is known by that. */
const char *country_find(const char *text);
/* The name, code or alias that text may have been meant for; NULL: nothing is near. */
const char *country_nearest(const char *text);
/* Its name; language "nl", "de" or anything else for English. NULL: no such code. */
const char *country_name(const char *code, const char *language);
/* Its three letters and its three digits of ISO 3166, "NLD" and "528". NULL: no such code, or it
 * has none (XI has neither, XK no digits). */
const char *country_three(const char *code);
const char *country_number(const char *code);
/* The letters that its VAT numbers begin with: its code, but "EL" for Greece. NULL: it is not in
 * the EU's VAT system (XI is). */
const char *country_vat_prefix(const char *code);
/* The three letters of a currency that was given by them, by its digits, its sign where only one
 * has it ("€"), or its Dutch, German or English name. NULL: none is known by that. */
const char *country_currency_find(const char *text);
/* As those of countries, by the three letters of the currency. */
const char *country_currency_name(const char *code, const char *language);
const char *country_currency_number(const char *code);
/* The digits behind the point of a currency, "EUR" 2, "JPY" 0. -1: there is no such currency. */
int country_currency_places(const char *code);

#endif
