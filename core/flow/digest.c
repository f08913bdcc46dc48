/* SPDX-License-Identifier: MIT
 * The digest of a record: what a link remembers to notice that nothing changed. */
#include <sodium.h>

#include "base/json_text.h"
#include "flow/digest.h"

static void add(void *state, const char *text, size_t bytes)
{
    crypto_generichash_update(state, (const unsigned char *)text, bytes);
}

int digest_record(const json_t *record, char out[DIGEST_BYTES])
{
    unsigned char hash[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    if (json_text_feed(record, true, add, &state) < 0)
        return -1;
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, DIGEST_BYTES, hash, sizeof hash);
    return 0;
}
