/* SPDX-License-Identifier: MIT
 * Secrets as files: text that only the installation's key opens, and only under the name that it
 * was made for, so that one cannot be put in the place of another.
 *
 * The nonce is made of name and secret under the key: the same secret gives the same file, and a
 * file that did not change tells that its secret did not. */
#ifndef KOPPEL_BASE_SEALED_H
#define KOPPEL_BASE_SEALED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"

#define SEALED_NAME_MAX 64
#define SEALED_FOLDER "secrets"   /* of the configuration directory: "secrets/NAME.sealed" */
#define SEALED_ENDING ".sealed"

/* The name in "sealed:NAME"; NULL: the reference is another one, or names nothing that could be a
 * file (letters, digits, "-", "_" and "." that does not begin it, 64 at most). */
const char *sealed_name(const char *reference);
/* The text of the file; the caller frees it. NULL: no memory. */
char *sealed_make(const struct secret *key, const char *name, const char *plain, size_t bytes);
/* Opens such a text. -1 and err (KOPPEL_E_CONFIG): it is none, or it was sealed with another key or
 * under another name. */
int sealed_open(const struct secret *key, const char *name, const char *text, size_t bytes,
                struct secret **out, struct koppel_error *err);

#endif
