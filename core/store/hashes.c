/* SPDX-License-Identifier: MIT
 * Keyed hashes of what jobs are found by. */
#include "store/hashes.h"

#include <sodium.h>
#include <string.h>

#include "store/store.h"

#define PURPOSE "koppel index"
#define NUMBER_BYTES 6

_Static_assert(STORE_DIGEST_BYTES == 34, "as hashes_text tells");
_Static_assert(STORE_WORDS * HASHES_BYTES == sizeof((struct hashes){0}.hash), "one place a word");

struct secret *hashes_key(const struct secret *store_key)
{
    unsigned char key[SECRET_KEY_BYTES];
    crypto_generichash(key, sizeof key, (const unsigned char *)PURPOSE, sizeof PURPOSE - 1,
                       (const unsigned char *)secret_text(store_key), secret_bytes(store_key));
    struct secret *out = secret_new((const char *)key, sizeof key);
    sodium_memzero(key, sizeof key);
    return out;
}

int64_t hashes_one(const struct secret *key, const char *word)
{
    unsigned char hash[crypto_shorthash_BYTES];
    int64_t out;
    _Static_assert(sizeof out == sizeof hash, "a hash is a number");
    crypto_shorthash(hash, (const unsigned char *)word, strlen(word),
                     (const unsigned char *)secret_text(key));
    memcpy(&out, hash, sizeof out);
    return out;
}

int64_t hashes_at(const unsigned char *data, size_t i)
{
    int64_t out;
    memcpy(&out, data + i * HASHES_BYTES, sizeof out);
    return out;
}

void hashes_of(const struct secret *key, const char *const *words, int count, struct hashes *out)
{
    out->data = NULL;
    out->bytes = 0;
    for (int i = 0; i < count && out->bytes < sizeof out->hash; i++) {
        if (!words[i] || !words[i][0])
            continue;
        int64_t hash = hashes_one(key, words[i]);
        size_t at = 0;
        while (at < out->bytes && memcmp(out->hash + at, &hash, sizeof hash) != 0)
            at += HASHES_BYTES;
        if (at < out->bytes)
            continue;
        memcpy(out->hash + at, &hash, sizeof hash);
        out->bytes += HASHES_BYTES;
        out->data = out->hash;
    }
}

void hashes_text(const struct secret *key, const char *text, char out[34])
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text),
                       (const unsigned char *)secret_text(key), secret_bytes(key));
    out[0] = '#';
    sodium_bin2hex(out + 1, 33, hash, sizeof hash);
}

int64_t hashes_number(const struct secret *key, const char *scope, const char *text)
{
    crypto_generichash_state state;
    unsigned char hash[crypto_generichash_BYTES_MIN];
    int64_t out = 0;
    crypto_generichash_init(&state, (const unsigned char *)secret_text(key), secret_bytes(key),
                            sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)scope, strlen(scope) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, hash, sizeof hash);
    for (int i = 0; i < NUMBER_BYTES; i++)
        out = out << 8 | hash[i];
    return out ? out : 1;
}
