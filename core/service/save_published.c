/* SPDX-License-Identifier: MIT
 * Saving what is published. */
#include "service/save_published.h"

#include <stdio.h>

#include "service/published.h"

int save_published(struct service *s, const struct service_ask *ask, const struct save_order *o,
                   const struct conf *conf, const struct conf_source *change, json_t *out,
                   struct koppel_error *err)
{
    struct revision_origin origin = {ask->who->name, o->how, o->why};
    struct revision_place p = {s->store, s->conf->key, s->dir};
    int64_t seq = 0;
    if (published_change(&p, conf, change, &origin, &seq, err) != 0)
        return -1;
    json_object_set_new(out, "revision", json_integer(seq));
    return 0;
}

int save_published_use(const struct save_order *o, const struct conf *conf, char **refused,
                       struct koppel_error *err)
{
    for (int i = 0; i < o->count && conf && conf->published && !*refused; i++) {
        const struct save_file *f = &o->files[i];
        if (!f->was && f->now && !published_takes(conf, f->path) &&
            asprintf(refused, "nothing in the configuration uses %s, and only what is used is"
                     " published; name it where it is to be used first", f->path) < 0) {
            *refused = NULL;
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        }
    }
    return 0;
}
