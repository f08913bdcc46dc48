/* SPDX-License-Identifier: MIT
 * Passwords: argon2id, and what one must be. Both calls of hashing take about 30 ms and 19 MiB. */
#ifndef KOPPEL_SERVICE_PASSWORDS_H
#define KOPPEL_SERVICE_PASSWORDS_H

#include <stdbool.h>

#include "base/err.h"
#include "service/accounts.h"

/* KOPPEL_E_REJECTED "password.weak" and what is wrong. user: its name, not to stand in it. */
int passwords_check(const char *password, const char *user, struct koppel_error *err);
int passwords_hash(const char *password, char out[ACCOUNTS_HASH_BYTES], struct koppel_error *err);
/* hash "": nobody's, which costs the same and never fits. */
bool passwords_fit(const char *hash, const char *password);
/* Was it made with less than what is used now? */
bool passwords_old(const char *hash);

#endif
