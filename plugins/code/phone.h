/* SPDX-License-Identifier: MIT
 * Phone numbers as ITU-T E.164 writes them: "+31612345678". */
#ifndef KOPPEL_PLUGIN_CODE_PHONE_H
#define KOPPEL_PLUGIN_CODE_PHONE_H

#define PHONE_BYTES 20
#define PHONE_WHY_BYTES 160

/* text: as people write it, with blanks, dots, dashes, slashes and brackets. country (two letters,
 * may be NULL): where a number without "+" or "00" is dialled. 0, or -1 with a sentence in why that
 * does not repeat the number: what cannot be told for sure is never guessed. */
int phone_e164(const char *text, const char *country, char out[PHONE_BYTES],
               char why[PHONE_WHY_BYTES]);

#endif
