/* SPDX-License-Identifier: MIT
 * Paths and digests while a configuration is loaded. */
#include "config/conf_loader.h"

#include <stdlib.h>

const char *conf_loader_absolute(struct conf_loader *l, const char *text)
{
    if (text[0] == '/')
        return conf_held_copy(l->held, text);
    return conf_held_text(l->held, "%s/%s", l->dir, text);
}

const char *conf_loader_data(void)
{
    const char *data = getenv("KOPPEL_DATADIR");
#ifdef KOPPEL_DATADIR
    if (!data || !*data)
        data = KOPPEL_DATADIR;
#endif
    return data && *data ? data : NULL;
}

void conf_loader_digest(struct conf_loader *l, const char *text, size_t bytes)
{
    if (l->digest)
        crypto_generichash_update(l->digest, (const unsigned char *)text, bytes);
}
