/* SPDX-License-Identifier: MIT
 * The files that make a configuration. */
#include "engine/revision_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

void revision_set_done(struct revision_set *set)
{
    for (int i = 0; i < set->count; i++) {
        free(set->files[i].path);
        if (set->files[i].text)
            sodium_memzero(set->files[i].text, set->files[i].bytes);
        free(set->files[i].text);
    }
    free(set->files);
    *set = (struct revision_set){0};
}

int revision_set_read(struct revision_set *out, const struct conf *conf,
                      const struct conf_source *source, bool *changed, struct koppel_error *err)
{
    *out = (struct revision_set){.files = calloc((size_t)conf->read_count + 1, sizeof *out->files)};
    *changed = false;
    if (!out->files)
        return no_memory(err);
    for (int i = 0; i < conf->read_count; i++) {
        const struct conf_read *r = &conf->reads[i];
        struct revision_file *f = &out->files[out->count];
        unsigned char digest[CONF_READ_BYTES];
        const char *why;
        f->text = conf_source_text(source, r->path, &f->bytes, &why);
        f->path = strdup(r->path);
        if (!f->path)
            return no_memory(err);
        if (!f->text) {
            free(f->path);
            *changed = true;
            continue;
        }
        out->count++;
        crypto_generichash(digest, sizeof digest, (const unsigned char *)f->text, f->bytes, NULL,
                           0);
        *changed = *changed || memcmp(digest, r->digest, sizeof digest) != 0;
    }
    return 0;
}
