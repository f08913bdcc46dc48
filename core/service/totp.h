/* SPDX-License-Identifier: MIT
 * The second factor of a log-in: codes of six digits that change every 30 seconds (RFC 6238), and
 * ten recovery codes for who lost the device. Each works once. */
#ifndef KOPPEL_SERVICE_TOTP_H
#define KOPPEL_SERVICE_TOTP_H

#include <stdbool.h>

#include "service/accounts.h"

#define TOTP_SECRET_BYTES 33 /* base32, NUL included */

/* Whoever calls these saves the user; nothing counts before that. */

/* Can this program do it (was it built with liboath)? */
bool totp_there(void);
/* Is it on? One that was begun and not confirmed is not. */
bool totp_on(const struct accounts_user *u);
/* A new secret, which counts once a code of it was taken. -1: no memory, or it is not there. */
int totp_begin(struct accounts_user *u, char secret[TOTP_SECRET_BYTES], struct koppel_error *err);
/* Does the code fit? It is used up then. A recovery code, too, but for one that confirms. */
bool totp_take(struct accounts_user *u, const char *code);
/* It counts from now on. *codes: the recovery codes, a list of texts that is told once. */
int totp_confirm(struct accounts_user *u, json_t **codes, struct koppel_error *err);
void totp_end(struct accounts_user *u);

/* {"size","path"}: modules of a QR code of the text as an SVG path in a square of that size; null
 * where the program was built without. */
json_t *totp_picture(const char *text);

#endif
