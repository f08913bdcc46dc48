/* SPDX-License-Identifier: MIT
 * Signatures of messages; see signature.h. */
#include "signature.h"

#include <stdlib.h>

static void add_hex(struct text *out, const unsigned char *digest, size_t bytes)
{
    char two[3];
    for (size_t i = 0; i < bytes; i++) {
        snprintf(two, sizeof two, "%02x", digest[i]);
        text_puts(out, two);
    }
}

static int add_base64(struct rest *r, struct text *out, const unsigned char *digest, size_t bytes,
                      struct koppel_error *err)
{
    char text[2 * KOPPEL_HMAC_SHA512_BYTES];
    uint64_t n = 0;
    if (r->host->base64(r->ctx, KOPPEL_BASE64_ENCODE, digest, bytes, text, sizeof text, &n,
                        err) != 0)
        return -1;
    text_add(out, text, (size_t)n);
    return 0;
}

int signature_make(struct rest *r, const json_t *sign, const struct vars *v, struct text *out,
                   struct koppel_error *err)
{
    unsigned char digest[KOPPEL_HMAC_SHA512_BYTES];
    struct text secret = {0}, text = {0};
    const char *what = koppel_get_text(sign, "signed", "{body}");
    bool large = strcmp(koppel_get_text(sign, "algorithm", "sha256"), "sha512") == 0;
    size_t bytes = large ? KOPPEL_HMAC_SHA512_BYTES : KOPPEL_HMAC_SHA256_BYTES;
    int rc = template_text(r, koppel_get_text(sign, "secret", "{hook_secret}"), v, TEMPLATE_PLAIN,
                           &secret);
    if (rc == 0)
        rc = template_text(r, what, v, TEMPLATE_PLAIN, &text);
    if (rc < 0)
        rc = rest_no_memory(r, err);
    else if (rc > 0 || secret.bytes == 0)
        rc = r->host->fail(err, KOPPEL_E_CONFIG, "the signature needs a setting, or a time, that "
                           "is not there");
    if (rc == 0)
        rc = r->host->hmac(r->ctx, large ? KOPPEL_HMAC_SHA512 : KOPPEL_HMAC_SHA256, secret.data,
                           secret.bytes, text.data, text.bytes, digest, err);
    if (rc == 0) {
        text_puts(out, koppel_get_text(sign, "prefix", ""));
        if (strcmp(koppel_get_text(sign, "form", "hex"), "hex") == 0)
            add_hex(out, digest, bytes);
        else
            rc = add_base64(r, out, digest, bytes, err);
    }
    if (secret.data)
        explicit_bzero(secret.data, secret.bytes);
    text_done(&secret);
    text_done(&text);
    return rc == 0 && out->failed ? rest_no_memory(r, err) : rc;
}
