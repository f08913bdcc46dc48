/* SPDX-License-Identifier: MIT
 * The form of VAT numbers of the EU, Northern Ireland (XI) included, and of Switzerland, Norway and
 * Great Britain.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_VAT_NUMBER_H
#define KOPPEL_BASE_VAT_NUMBER_H

#define VAT_NUMBER_BYTES 20
#define VAT_NUMBER_WHY_BYTES 200

enum vat_number_outcome {
    VAT_NUMBER_OK,
    VAT_NUMBER_NONE,    /* blank */
    VAT_NUMBER_UNKNOWN, /* it begins with none of these countries */
    VAT_NUMBER_WRONG,   /* it begins with one, and has not the form of its numbers */
};

/* Without blanks, dots, dashes and slashes, in capitals, and with EL for Greece. country (two
 * letters, may be NULL or ""): whose number it is where it begins with no country itself. why (may
 * be NULL): with UNKNOWN and WRONG a sentence with the form that is wanted. */
enum vat_number_outcome vat_number_parse(const char *text, const char *country,
                                         char out[VAT_NUMBER_BYTES],
                                         char why[VAT_NUMBER_WHY_BYTES]);

#endif
