/* SPDX-License-Identifier: MIT
 * References after a refusal: are they still there? */
#include "flow/reference_verify.h"

#include <string.h>

#include "connection/connection_find.h"
#include "flow/reference_find.h"

static int verify_one(struct work *w, const struct work_used *used, bool *changed,
                      struct koppel_error *err)
{
    struct koppel_results results;
    struct store_link *link;
    const char *id = used->id;
    if (!catalogue_finds(used->entity, used->entity->key) || !*id)
        return 0;
    if (links_get(w->links, used->scope, used->key, &link, err) != 0 ||
        reference_find_too_early(w->flow, used->entity, link, err) != 0)
        return -1;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(w->flow->to, used->entity->name, used->entity->key, &id, NULL, 1,
                             &results, w->trace, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    char buf[32];
    const char *alias = rc == 0 && entry->hit_count > 0
                            ? reference_find_text(entry->hits[0].record, used->alias_field, buf)
                            : "";
    bool gone = rc == 0 && entry->hit_count == 0;
    bool renamed = *alias && used->alias && strcmp(alias, used->alias) != 0;
    if (gone || renamed) {
        if (gone) {
            store_link_done(link);
            *link = (struct store_link){0};
        } else {
            rc = links_alias(link, alias, err);
        }
        if (rc == 0)
            rc = links_keep(w->links, used->scope, used->key, link, err);
        work_note(w, gone ? "gone" : "renumbered", used->key);
        *changed = true;
    }
    results_done(&results);
    return rc;
}

int reference_verify(struct work *w, bool *changed, struct koppel_error *err)
{
    *changed = false;
    for (const struct work_used *used = w->used; used; used = used->next) {
        if (verify_one(w, used, changed, err) != 0)
            return -1;
    }
    if (*changed)
        w->resolved = false;
    return 0;
}
