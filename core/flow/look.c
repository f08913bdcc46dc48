/* SPDX-License-Identifier: MIT
 * Look-ups of what carries no reference of ours, by its match keys: one at a time, or ahead for as
 * many as the destination takes. */
#include <stdlib.h>
#include <string.h>

#include "flow/work.h"

/* What a record is looked for by; "": not by this. A number that is a PLU there must not meet an
 * article number that looks like it. */
static const char *match_key(const struct work *w, const struct cat_match *match)
{
    return strcmp(match->core, "number") == 0 && *work_text(w, "plu") ? ""
                                                                      : work_text(w, match->core);
}

int work_match(struct flow *f, struct work *w, const char *skip, struct koppel_error *err)
{
    bool customer = strcmp(f->conf->model, "customer") == 0;
    int first = w->looked; /* what a look-up of many has asked for need not be asked for twice */
    w->looked = 0;
    for (int i = first; i < f->dest->match_count && !w->matched; i++) {
        const struct cat_match *match = &f->dest->match[i];
        const char *key = match_key(w, match);
        char *id = NULL;
        if (!*key)
            continue;
        int hits = work_find(f, w, match->field, key, skip, &id, &w->present, err);
        if (hits == 1 && customer && strcmp(match->core, "number") == 0 &&
            !flow_customer_same(&f->conf->send, w->core, w->present)) {
            work_note(w, "another", "the number is that of somebody with another name there");
            hits = 0;
        }
        if (hits == 1) {
            free(w->link.id);
            w->link.id = id;
            w->matched = id != NULL;
            work_note(w, "found", id ? id : "");
            continue;
        }
        free(id);
        json_decref(w->present);
        w->present = NULL;
        if (hits < 0)
            return -1;
        if (hits > 1)
            return err_reason(err, KOPPEL_E_REJECTED, "ambiguous",
                              "%s holds %d of %s with %s \"%s\"", f->conf->to->name, hits,
                              f->dest->name, match->field, key);
        if (customer && strcmp(match->core, "email") == 0)
            break;
    }
    if (!w->matched && customer && !flow_customer_findable(f->dest, w->core))
        return err_reason(
            err, KOPPEL_E_REJECTED, "customer.key",
            "no customer key: it has no e-mail address or VAT number by which %s would find it "
            "again, and is not there under its number and name",
            f->conf->to->name);
    return 0;
}

/* ---- many at a time ---- */

/* The results of one call, each to its job. Several hits are left to the look-up that parks. */
static void take_results(struct work **works, int count, int match,
                         const struct koppel_results *results)
{
    for (int i = 0; i < count; i++) {
        const struct result_entry *entry = &results->entries[i];
        if (entry->err.kind || entry->hit_count > 1)
            continue;
        if (entry->hit_count == 0) {
            works[i]->looked = match + 1;
            continue;
        }
        free(works[i]->link.id);
        works[i]->link.id = strdup(entry->hits[0].id);
        works[i]->matched = works[i]->link.id != NULL;
        works[i]->present = json_incref(entry->hits[0].record);
        work_note(works[i], "found", entry->hits[0].id);
    }
}

/* One call. What fails here is looked up once more, job by job, and fails there. */
static void look_up_many(struct flow *f, struct work **works, const char **keys, int count,
                         int match)
{
    struct koppel_results results;
    struct koppel_error ignored = {0};
    if (count == 0 || results_init(&results, (uint32_t)count) != 0)
        return;
    if (connection_find(f->to, f->dest->name, f->dest->match[match].field, keys, NULL, count,
                        &results, works[0]->trace, &ignored) == 0)
        take_results(works, count, match, &results);
    results_done(&results);
}

/* The first match key of a job that is not settled or known; -1: none. */
static int first_match(const struct flow *f, const struct work *w)
{
    for (int i = 0; i < f->dest->match_count && !w->settled && !w->linked; i++) {
        if (*match_key(w, &f->dest->match[i]))
            return i;
    }
    return -1;
}

void work_match_all(struct flow *f, struct work *works, int count)
{
    bool customer = strcmp(f->conf->model, "customer") == 0; /* whose keys depend on one another */
    int room = customer ? 0 : f->dest->batch_find;
    struct work **some = calloc((size_t)room + 1, sizeof *some);
    const char **keys = calloc((size_t)room + 1, sizeof *keys);
    for (int match = 0; some && keys && room > 1 && match < f->dest->match_count; match++) {
        int n = 0;
        for (int i = 0; i < count && !flow_stopping(f); i++) {
            if (works[i].matched || works[i].looked || first_match(f, &works[i]) != match)
                continue;
            some[n] = &works[i];
            keys[n++] = match_key(&works[i], &f->dest->match[match]);
            if (n == room) {
                look_up_many(f, some, keys, n, match);
                n = 0;
            }
        }
        look_up_many(f, some, keys, n, match);
    }
    free(some);
    free(keys);
}
