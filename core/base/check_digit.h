/* SPDX-License-Identifier: MIT
 * Check digits of what people type: barcodes (EAN-8, UPC-A, EAN-13, GTIN-14) and IBANs.
 *
 * Built into the core and, as a copy, into the plugins that need it (libkoppeltext). */
#ifndef KOPPEL_BASE_CHECK_DIGIT_H
#define KOPPEL_BASE_CHECK_DIGIT_H

#include <stddef.h>

#define CHECK_DIGIT_WHY_BYTES 160

/* The check digit, 0 to 9, of a GTIN that begins with these digits: all but its last. */
int check_digit_gtin(const char *digits, size_t count);

/* 0: right, or no number of that kind at all (a shop's own code of letters or of other lengths). -1
 * with a sentence in why (may be NULL) that says what is wrong. Blanks are ignored; in an IBAN case
 * is too. */
int check_digit_barcode(const char *text, char why[CHECK_DIGIT_WHY_BYTES]);
/* -1 also where it has not the length of its country, or is no IBAN. Blank text is right. */
int check_digit_iban(const char *text, char why[CHECK_DIGIT_WHY_BYTES]);

#endif
