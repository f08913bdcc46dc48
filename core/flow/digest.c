/* SPDX-License-Identifier: MIT
 * The digest of a record: what a link remembers to notice that nothing changed. */
#include <sodium.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "flow/flow.h"

int flow_digest(const json_t *record, char out[FLOW_DIGEST_BYTES])
{
    unsigned char hash[16];
    size_t bytes = 0;
    char *text = json_text(record, true, &bytes);
    if (!text)
        return -1;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, bytes, NULL, 0);
    free(text);
    sodium_bin2hex(out, FLOW_DIGEST_BYTES, hash, sizeof hash);
    return 0;
}
