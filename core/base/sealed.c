/* SPDX-License-Identifier: MIT
 * Secrets as files: XChaCha20-Poly1305 as base64, the name as associated data. */
#include "base/sealed.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/guarded.h"

#define HEAD "koppel sealed 1\n"
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define VARIANT sodium_base64_VARIANT_ORIGINAL
#define PURPOSE "koppel sealed nonce"

_Static_assert(SECRET_KEY_BYTES == crypto_generichash_KEYBYTES, "key size");

const char *sealed_name(const char *reference)
{
    const char *name = reference && strncmp(reference, "sealed:", 7) == 0 ? reference + 7 : NULL;
    size_t n = name ? strlen(name) : 0;
    if (n == 0 || n > SEALED_NAME_MAX || name[0] == '.')
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)name[i]) && !strchr("-_.", name[i]))
            return NULL;
    }
    return name;
}

/* No two secrets of a key share one, unless name and secret are the same. */
static void make_nonce(const struct secret *key, const char *name, const char *plain, size_t bytes,
                       unsigned char out[NONCE_BYTES])
{
    unsigned char own[crypto_generichash_KEYBYTES];
    crypto_generichash_state state;
    crypto_generichash(own, sizeof own, (const unsigned char *)PURPOSE, sizeof PURPOSE - 1,
                       (const unsigned char *)secret_text(key), SECRET_KEY_BYTES);
    crypto_generichash_init(&state, own, sizeof own, NONCE_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
    crypto_generichash_update(&state, (const unsigned char *)plain, bytes);
    crypto_generichash_final(&state, out, NONCE_BYTES);
    sodium_memzero(own, sizeof own);
    sodium_memzero(&state, sizeof state);
}

char *sealed_make(const struct secret *key, const char *name, const char *plain, size_t bytes)
{
    size_t raw_bytes = NONCE_BYTES + bytes + TAG_BYTES;
    size_t room = sodium_base64_encoded_len(raw_bytes, VARIANT);
    unsigned char *raw = malloc(raw_bytes);
    char *text = malloc(sizeof HEAD + room + 1);
    if (!raw || !text) {
        free(raw);
        free(text);
        return NULL;
    }
    make_nonce(key, name, plain, bytes, raw);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        raw + NONCE_BYTES, NULL, (const unsigned char *)plain, bytes, (const unsigned char *)name,
        strlen(name), NULL, raw, (const unsigned char *)secret_text(key));
    memcpy(text, HEAD, sizeof HEAD - 1);
    sodium_bin2base64(text + sizeof HEAD - 1, room, raw, raw_bytes, VARIANT);
    size_t end = strlen(text);
    text[end] = '\n';
    text[end + 1] = '\0';
    free(raw);
    return text;
}

static int open_raw(const struct secret *key, const char *name, const unsigned char *raw,
                    size_t bytes, struct secret **out, struct koppel_error *err)
{
    size_t plain_bytes = bytes - NONCE_BYTES - TAG_BYTES;
    unsigned char *plain = (unsigned char *)guarded(plain_bytes + 1);
    if (!plain)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, NULL, NULL, raw + NONCE_BYTES, bytes - NONCE_BYTES, (const unsigned char *)name,
        strlen(name), raw, (const unsigned char *)secret_text(key));
    if (rc != 0)
        err_set(err, KOPPEL_E_CONFIG, "secret sealed:%s was sealed with another key, or under "
                "another name; put the key back that it was sealed with, or give the secret again",
                name);
    else if (!(*out = secret_new((const char *)plain, plain_bytes)))
        rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    sodium_free(plain);
    return rc;
}

int sealed_open(const struct secret *key, const char *name, const char *text, size_t bytes,
                struct secret **out, struct koppel_error *err)
{
    size_t head = sizeof HEAD - 1, raw_bytes = 0;
    unsigned char *raw = malloc(bytes + 1);
    if (!raw)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    bool whole = bytes > head && memcmp(text, HEAD, head) == 0 &&
                 sodium_base642bin(raw, bytes, text + head, bytes - head, "\r\n", &raw_bytes, NULL,
                                   VARIANT) == 0 &&
                 raw_bytes > NONCE_BYTES + TAG_BYTES &&
                 raw_bytes <= NONCE_BYTES + TAG_BYTES + SECRET_MAX_BYTES;
    int rc = whole ? open_raw(key, name, raw, raw_bytes, out, err)
                   : err_set(err, KOPPEL_E_CONFIG, "secret sealed:%s: its file holds no sealed "
                             "secret; give the secret again", name);
    free(raw);
    return rc;
}
