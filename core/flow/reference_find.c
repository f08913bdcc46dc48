/* SPDX-License-Identifier: MIT
 * Looks for a reference: match keys, tie-break, whether a hit is really it. */
#include "flow/reference_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fact.h"
#include "base/fold.h"
#include "connection/connection_find.h"
#include "mapping/map.h"
#include "mapping/role.h"
#include "mapping/value.h"

struct subject reference_find_subject(const struct wanted *w)
{
    return (struct subject){.flow = w->work->flow->conf,
                            .settings = w->conf->settings,
                            .entity = w->entity,
                            .send = &w->conf->send,
                            .core = w->part,
                            .there = w->link && w->link->state != LINK_ABSENT};
}

const char *reference_find_text(const json_t *part, const char *name, char buf[32])
{
    const char *text;
    json_t *value = json_object_get(part, name);
    return value && value_text(value, buf, &text) ? text : "";
}

void reference_find_note(const struct wanted *w, const char *what, const char *detail)
{
    json_array_append_new(w->work->steps,
                          json_pack("{s:s,s:s,s:s,s:s}", "step", what, "reference", w->ref->name,
                                    "key", w->said, "detail", detail ? detail : ""));
}

void reference_find_forget(struct wanted *w)
{
    free(w->id);
    free(w->alias);
    json_decref(w->record);
    w->id = w->alias = NULL;
    w->record = NULL;
    w->asked = ASKED_NOT;
}

bool reference_find_by_id(const struct wanted *w)
{
    return w->entity->key && strcmp(w->ref->key, w->entity->key) == 0;
}

int reference_find_too_early(const struct flow *f, const struct cat_entity *e,
                             const struct store_link *link, struct koppel_error *err)
{
    int64_t left = connection_lag_ms(f->to, e) - link->unseen_ms;
    if (left <= 0)
        return 0;
    err_reason(err, KOPPEL_E_RETRY, "quiet",
               "what was written a moment ago is not shown by every look-up of %s yet",
               f->conf->to->name);
    err->retry_after_ms = left;
    return -1;
}

int reference_find_name(struct wanted *w, const char *alias, struct koppel_error *err)
{
    return links_alias(w->link, reference_find_by_id(w) ? NULL : alias, err);
}

static const char *match_field(const struct cat_entity *entity, const char *core)
{
    for (int i = 0; i < entity->match_count; i++) {
        if (strcmp(entity->match[i].core, core) == 0)
            return entity->match[i].field;
    }
    return NULL;
}

/* Are both the same in all of these roles? */
static bool same_roles(const struct cat_entity *e, const json_t *ours, const json_t *theirs,
                       const char *const *roles)
{
    for (int i = 0; roles[i]; i++) {
        char a[32], b[32];
        const char *here = role_text(e, roles[i], ours, a);
        if (fold_is_blank(here) || !fold_same(here, role_text(e, roles[i], theirs, b)))
            return false;
    }
    return true;
}

/* Among several hits: VAT number, then name and postcode; one must remain. NULL: ambiguous. */
static const struct result_hit *tie_break(const struct wanted *w, const struct result_entry *entry)
{
    static const char *const rounds[][3] = {{"vat_number", NULL}, {"name", "post_code", NULL}};
    json_t *mapped = NULL;
    struct koppel_error ignored = {0};
    const struct result_hit *chosen = NULL;
    if (w->conf->send.count == 0 ||
        map_apply(&w->conf->send, w->part, MAP_CREATE, NULL, &mapped, &ignored) != 0)
        return NULL;
    for (size_t r = 0; r < sizeof rounds / sizeof rounds[0] && !chosen; r++) {
        int hits = 0;
        for (int i = 0; i < entry->hit_count; i++) {
            if (!same_roles(w->entity, mapped, entry->hits[i].record, rounds[r]))
                continue;
            hits++;
            chosen = &entry->hits[i];
        }
        if (hits != 1)
            chosen = NULL;
    }
    json_decref(mapped);
    return chosen;
}

static int ambiguous(const struct wanted *w, const char *field, const char *key, int hits,
                     struct koppel_error *err)
{
    char reason[48];
    snprintf(reason, sizeof reason, "%.30s.ambiguous", w->ref->name);
    err_reason(err, KOPPEL_E_REJECTED, reason, "ambiguous %s: %d of them have %s \"%s\"",
               w->ref->name, hits, field, key);
    return fact_add(err, w->ref->name, key);
}

static int take(struct wanted *w, const struct result_hit *hit, struct koppel_error *err)
{
    char buf[32];
    reference_find_forget(w);
    w->asked = ASKED_EQUAL;
    w->id = strdup(hit->id);
    w->alias = strdup(reference_find_text(hit->record, w->ref->key, buf));
    w->record = json_incref(hit->record);
    return w->id && w->alias ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int reference_find_one(struct wanted *w, const char *field, const char *key,
                       struct koppel_error *err)
{
    struct koppel_results results;
    struct flow *f = w->work->flow;
    reference_find_forget(w);
    w->asked = ASKED_NOTHING;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(f->to, w->entity->name, field, &key, NULL, 1, &results, w->work->trace,
                             err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    bool beside = w->make_new ||
                  (w->link->state == LINK_MAYBE && w->link->begun.write == WRITE_CREATE);
    if (rc == 0 && beside && w->link->id)
        results_skip(entry, w->link->id);
    if (rc == 0 && entry->hit_count > 0) {
        const struct result_hit *hit =
            entry->hit_count == 1 ? &entry->hits[0] : tie_break(w, entry);
        rc = hit ? take(w, hit, err) : ambiguous(w, field, key, entry->hit_count, err);
    }
    results_done(&results);
    return rc;
}

int reference_find_match(struct wanted *w, const json_t *begun, struct koppel_error *err)
{
    const struct behaviour *b = w->behaviour;
    struct subject subject = reference_find_subject(w);
    for (int i = 0; i < w->conf->match_count; i++) {
        char buf[32], key[STORE_KEY_BYTES];
        const char *core = w->conf->match[i], *field = match_field(w->entity, core);
        snprintf(key, sizeof key, "%s",
                 begun && field ? reference_find_text(begun, field, buf)
                                : reference_find_text(w->part, core, buf));
        if (fold_is_blank(key) || !field)
            continue;
        if (!w->tried[0])
            snprintf(w->tried, sizeof w->tried, "%s", key);
        if (reference_find_one(w, field, key, err) != 0)
            return -1;
        struct cat_match match = {core, field};
        if (w->asked == ASKED_EQUAL && !begun && b->same && !b->same(&subject, &match, w->record)) {
            reference_find_note(w, "another",
                                "the number is that of somebody with another name there");
            reference_find_forget(w);
        }
        if (w->asked == ASKED_EQUAL)
            return 0;
        if (b->deciding && strcmp(core, b->deciding) == 0)
            break;
    }
    w->asked = ASKED_NOTHING;
    return 0;
}
