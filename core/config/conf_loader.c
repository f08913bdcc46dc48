/* SPDX-License-Identifier: MIT
 * Paths and digests while a configuration is loaded. */
#include "config/conf_loader.h"

const char *conf_loader_absolute(struct conf_loader *l, const char *text)
{
    if (text[0] == '/')
        return conf_held_copy(l->held, text);
    return conf_held_text(l->held, "%s/%s", l->dir, text);
}

void conf_loader_digest(struct conf_loader *l, const char *text, size_t bytes)
{
    if (l->digest)
        crypto_generichash_update(l->digest, (const unsigned char *)text, bytes);
}
