/* SPDX-License-Identifier: MIT
 * The books of the fake destination. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static void request_done(struct peer_request *r)
{
    json_decref(r->record);
    *r = (struct peer_request){0};
}

void peer_clear(struct peer *p)
{
    for (int i = 0; i < p->count; i++)
        json_decref(p->docs[i].record);
    for (int i = 0; i < PEER_REQUESTS; i++)
        request_done(&p->late[i]);
    memset(p->docs, 0, sizeof p->docs);
    p->count = p->writes = 0;
    p->broken[0] = '\0';
    p->replays = false;
}

static const char *text_of(const json_t *record, const char *name)
{
    const char *text = json_string_value(json_object_get(record, name));
    return text ? text : "";
}

/* What names a record. */
static const char *by_of(const struct peer *p, bool card)
{
    return card ? "number" : p->by;
}

static struct peer_doc *add(struct peer *p, bool card, const json_t *record)
{
    if (p->count == PEER_DOCS) {
        fprintf(stderr, "the fake peer is full\n");
        abort();
    }
    struct peer_doc *d = &p->docs[p->count++];
    *d = (struct peer_doc){.card = card, .record = json_deep_copy(record)};
    snprintf(d->id, sizeof d->id, "%d", 1000 + p->count);
    json_object_set_new(d->record, "id", json_string(d->id));
    json_object_set_new(d->record, "version", json_string("1"));
    d->shown_ms = clock_now_ms() + p->lag_ms;
    return d;
}

void peer_foreign(struct peer *p, const char *name, const char *customer, const char *total)
{
    json_t *record = json_pack("{s:s,s:s,s:s}", p->by, name, "customer", customer, "total", total);
    struct peer_doc *d = add(p, false, record);
    d->foreign = true;
    d->shown_ms = 0;
    json_decref(record);
}

static void breaks(struct peer *p, const char *what, const struct peer_request *r)
{
    if (!p->broken[0])
        snprintf(p->broken, sizeof p->broken, "%s: %s", what,
                 text_of(r->record, by_of(p, r->card)));
}

/* Writes over what stands there; a change counts its version up. */
static void put(struct peer *p, struct peer_doc *d, const json_t *record)
{
    char version[32];
    snprintf(version, sizeof version, "%d", atoi(text_of(d->record, "version")) + 1);
    json_object_update(d->record, (json_t *)record);
    json_object_set_new(d->record, "id", json_string(d->id));
    json_object_set_new(d->record, "version", json_string(version));
    p->writes++;
}

/* An upsert may name by its id what stands there already. */
static int create(struct peer *p, const struct peer_request *r, struct peer_doc **doc)
{
    struct peer_doc *same = NULL;
    const char *by = by_of(p, r->card);
    if (p->upserts && !*r->id && !*text_of(r->record, by))
        breaks(p, "written under no name", r);
    if (p->replays && p->count > 0) {
        *doc = &p->docs[0];
        return 0;
    }
    for (int i = 0; i < p->count; i++) {
        struct peer_doc *d = &p->docs[i];
        if (p->keyed && *r->key && strcmp(d->key, r->key) == 0) {
            *doc = d; /* the stored answer */
            return 0;
        }
        bool equal = *r->id ? strcmp(d->id, r->id) == 0
                            : strcmp(text_of(d->record, by), text_of(r->record, by)) == 0;
        if (!d->removed && d->card == r->card && equal)
            same = d;
    }
    if (same && p->upserts) {
        put(p, same, r->record);
        *doc = same;
        return 0;
    }
    if (same && p->unique && !r->card)
        return KOPPEL_E_EXISTS;
    if (same && !same->foreign)
        breaks(p, "made twice", r);
    *doc = add(p, r->card, r->record);
    if (p->keyed)
        snprintf((*doc)->key, sizeof(*doc)->key, "%s", r->key);
    p->writes++;
    return 0;
}

int peer_apply(struct peer *p, const struct peer_request *r, struct peer_doc **doc,
               const char **reason)
{
    *doc = NULL;
    *reason = NULL;
    if (r->verb == KOPPEL_VERB_CREATE)
        return create(p, r, doc);
    for (int i = 0; i < p->count && !*doc; i++) {
        if (strcmp(p->docs[i].id, r->id) == 0 && !p->docs[i].removed)
            *doc = &p->docs[i];
    }
    if (!*doc) {
        *reason = KOPPEL_REASON_GONE;
        return KOPPEL_E_REJECTED;
    }
    if (p->conditional && *r->version && strcmp(r->version, text_of((*doc)->record, "version"))) {
        *reason = KOPPEL_REASON_STALE;
        return KOPPEL_E_RETRY;
    }
    if ((*doc)->foreign)
        breaks(p, "somebody else's was changed", r);
    if (r->verb == KOPPEL_VERB_REMOVE) {
        (*doc)->removed = true;
        p->writes++;
    } else {
        put(p, *doc, r->record);
    }
    return 0;
}

void peer_orphan(struct peer *p, const struct peer_request *r, int64_t at_ms)
{
    for (int i = 0; i < PEER_REQUESTS; i++) {
        if (p->late[i].verb)
            continue;
        p->late[i] = *r;
        p->late[i].record = json_deep_copy(r->record);
        p->late[i].at_ms = at_ms;
        return;
    }
    fprintf(stderr, "too many requests under way\n");
    abort();
}

static void apply_late(struct peer *p, struct peer_request *r)
{
    struct peer_doc *doc;
    const char *reason;
    (void)peer_apply(p, r, &doc, &reason);
    request_done(r);
}

void peer_tick(struct peer *p)
{
    for (int i = 0; i < PEER_REQUESTS; i++) {
        if (p->late[i].verb && p->late[i].at_ms <= clock_now_ms())
            apply_late(p, &p->late[i]);
    }
}

bool peer_orphan_apply(struct peer *p, bool lose)
{
    for (int i = 0; i < PEER_REQUESTS; i++) {
        if (!p->late[i].verb)
            continue;
        if (lose)
            request_done(&p->late[i]);
        else
            apply_late(p, &p->late[i]);
        return true;
    }
    return false;
}

void peer_age(struct peer *p)
{
    for (int i = 0; i < PEER_REQUESTS; i++) {
        if (p->late[i].verb && p->late[i].at_ms == INT64_MAX && p->late[i].life-- <= 0)
            request_done(&p->late[i]);
    }
}

void peer_delay(struct peer *p)
{
    for (int i = 0; i < PEER_REQUESTS; i++) {
        if (!p->late[i].verb || p->late[i].life > 0)
            continue;
        p->late[i].life = 1000;
        return;
    }
}

struct peer_doc *peer_find(struct peer *p, bool card, const char *field, const char *value, int n)
{
    for (int i = 0; i < p->count; i++) {
        struct peer_doc *d = &p->docs[i];
        if (!d->removed && d->card == card && d->shown_ms <= clock_now_ms() &&
            strcmp(text_of(d->record, field), value) == 0 && n-- == 0)
            return d;
    }
    return NULL;
}
