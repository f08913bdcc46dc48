/* SPDX-License-Identifier: MIT
 * Secrets that a configuration names. */
#include "config/conf_secret.h"

#include <stdlib.h>

#include "base/sealed.h"
#include "config/conf_held.h"
#include "config/conf_source.h"

int conf_secret_resolve(struct conf_loader *l, const char *reference, struct secret **out,
                        struct koppel_error *err)
{
    const char *name = sealed_name(reference), *why = NULL;
    size_t bytes = 0;
    if (!name)
        return secret_resolve(reference, l->dir, out, err);
    if (!l->conf->key)
        return err_set(err, KOPPEL_E_CONFIG, "secret %s needs the key, which cannot be read",
                       reference);
    const char *path = conf_loader_absolute(
        l, conf_held_text(l->held, SEALED_FOLDER "/%s" SEALED_ENDING, name));
    char *text = conf_source_read(l, path, &bytes, &why);
    int rc = text ? sealed_open(l->conf->key, name, text, bytes, out, err)
                  : err_set(err, KOPPEL_E_CONFIG, "secret %s: %s cannot be read: %s", reference,
                            path, why);
    free(text);
    return rc;
}
