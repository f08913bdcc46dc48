/* SPDX-License-Identifier: MIT
 * Facts "scope#card": destination id -> source key. */
#include "flow/share.h"

#include <stdio.h>
#include <string.h>

#define SCOPE_BYTES 400

static void card_scope(const char *scope, char out[SCOPE_BYTES])
{
    snprintf(out, SCOPE_BYTES, "%.380s#card", scope);
}

int share_owner(struct links *l, const char *scope, const char *key, const char *id,
                const char **owner, struct koppel_error *err)
{
    char cards[SCOPE_BYTES];
    struct store_link *link; /* the card's, then its owner's */
    const char *other;
    *owner = NULL;
    card_scope(scope, cards);
    if (!id || strlen(id) >= STORE_KEY_BYTES)
        return 0;
    if (links_again(l, cards, id, &link, err) != 0)
        return -1;
    other = link->id ? link->id : "";
    if (!*other || strcmp(other, key) == 0)
        return 0;
    if (links_get(l, scope, other, &link, err) != 0)
        return -1;
    /* it ended at the source, or has another card by now: the card is free */
    if (link->state != LINK_ABSENT && !link->closed && link->id && strcmp(link->id, id) == 0)
        *owner = other;
    return 0;
}

int share_keep(struct links *l, const char *scope, const char *key, const char *id,
               struct koppel_error *err)
{
    char cards[SCOPE_BYTES];
    if (!id || !*id || strlen(id) >= STORE_KEY_BYTES)
        return 0;
    card_scope(scope, cards);
    struct store_link_change change = links_remember(cards, id, key);
    return links_put(l, &change, 1, err);
}

int share_check(struct work *w, const char *id, const json_t *record, bool *ends,
                struct koppel_error *err)
{
    const struct flow *f = w->flow;
    struct subject subject = work_subject(w);
    const char *owner;
    *ends = false;
    if (share_owner(w->links, f->scope, w->job->key, id, &owner, err) != 0)
        return -1;
    if (!owner)
        return share_remember(w, id, err);
    if (f->behaviour->share(&subject, record, owner, err) != 0)
        return -1;
    char detail[ERR_TEXT_BYTES];
    snprintf(detail, sizeof detail, "%s %s of %s has the same %s, and the card there is its",
             f->conf->model, owner, f->conf->from->name,
             f->behaviour->deciding ? f->behaviour->deciding : "key");
    work_end(w, JOB_SKIPPED, "shared", detail);
    w->remote_id = id ? strdup(id) : NULL;
    *ends = true;
    return 0;
}

int share_remember(struct work *w, const char *id, struct koppel_error *err)
{
    char cards[SCOPE_BYTES];
    card_scope(w->flow->scope, cards);
    return id && *id && strlen(id) < STORE_KEY_BYTES
               ? work_remember(w, cards, id, w->job->key, err)
               : 0;
}
