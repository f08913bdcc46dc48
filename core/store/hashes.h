/* SPDX-License-Identifier: MIT
 * What a job is found by: keyed hashes of folded words, so that the file holds none of them in
 * clear, and two installations have nothing in common. */
#ifndef KOPPEL_STORE_HASHES_H
#define KOPPEL_STORE_HASHES_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

#define HASHES_BYTES 8 /* of one hash */

/* The hashes of one job, each once, as they are kept; no more than STORE_WORDS. */
struct hashes {
    unsigned char hash[32 * HASHES_BYTES];
    const unsigned char *data; /* hash; NULL where there are none */
    size_t bytes;
};

/* The key of all hashes, made of the store's own. NULL: no memory. */
struct secret *hashes_key(const struct secret *store_key);
/* The hash of one word. SipHash-2-4: made for short texts under a key, and fifty times as fast as
 * BLAKE2b, which would cost as much as all the rest of a settle. */
int64_t hashes_one(const struct secret *key, const char *word);
/* Those of several; empty words are none. */
void hashes_of(const struct secret *key, const char *const *words, int count, struct hashes *out);
/* One of what was kept; i < bytes / HASHES_BYTES. */
int64_t hashes_at(const unsigned char *data, size_t i);
/* "#" and a hash of 128 bits as hex digits: two texts never have the same. */
void hashes_text(const struct secret *key, const char *text, char out[34]);
/* A number of 48 bits for a text, for ever the same under this key; never 0. */
int64_t hashes_number(const struct secret *key, const char *scope, const char *text);

#endif
