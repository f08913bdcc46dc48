/* SPDX-License-Identifier: MIT
 * Secrets: where they come from, where they live, and how they are sealed.
 *
 * A secret's text lives in locked memory that is left out of core dumps and is wiped when freed
 * (libsodium's guarded allocations). Sealing is XChaCha20-Poly1305 with a random nonce. */
#ifndef KOPPEL_BASE_SECRET_H
#define KOPPEL_BASE_SECRET_H

#include <stddef.h>

#include "base/err.h"
#include "base/mask.h"

#define SECRET_KEY_BYTES 32
#define SECRET_SEAL_OVERHEAD 40 /* nonce 24 + tag 16 */
#define SECRET_MAX_BYTES 65536

struct secret; /* opaque: nothing prints it by accident */

/* Once in main, before threads. */
int secret_start(struct koppel_error *err);

/* "env:NAME", "file:PATH" (mode must not allow group or others; relative to base_dir), or
 * "credential:NAME" ($CREDENTIALS_DIRECTORY/NAME; where that is not set, as in a shell, the file
 * NAME in base_dir, with a mode like that). Trailing line breaks are cut. The error names the
 * reference, never a value. Anything else is refused. */
int secret_resolve(const char *reference, const char *base_dir, struct secret **out,
                   struct koppel_error *err);
/* Is this text one of the reference forms? "sealed:NAME" (base/sealed.h) is one, too. */
int secret_is_reference(const char *text);
/* A secret from text the caller has (a token, a literal in the configuration). NULL: no memory. */
struct secret *secret_new(const char *text, size_t bytes);
/* NUL-terminated; for the HTTP client and sealing only. */
const char *secret_text(const struct secret *s);
size_t secret_bytes(const struct secret *s);
void secret_free(struct secret *s);

/* The sealing key. secret_key_create makes PATH with mode 0600 (fails if it exists);
 * secret_key_load takes a reference as above whose content is 64 hex digits; a credential that is
 * neither given nor in base_dir is the file secret.key there. */
int secret_key_create(const char *path, struct koppel_error *err);
int secret_key_load(const char *reference, const char *base_dir, struct secret **out,
                    struct koppel_error *err);
/* Bytes that nobody can foretell, of which each is given out once; few of them cost no system
 * call. */
void secret_draw(void *out, size_t bytes);
/* out must have room for bytes + SECRET_SEAL_OVERHEAD. */
void secret_seal(const struct secret *key, const void *plain, size_t bytes, unsigned char *out);
/* out must have room for bytes - SECRET_SEAL_OVERHEAD; -1: wrong key or damaged. */
int secret_unseal(const struct secret *key, const unsigned char *sealed, size_t bytes, void *out);

#endif
