/* SPDX-License-Identifier: MIT
 * Resolves references. Each is resolved under a lock of its own name, so that two jobs that need
 * the same new customer make one; what its link knows is taken at its word, and verified only after
 * a refusal. */
#include "flow/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fact.h"
#include "base/fold.h"
#include "base/json_read.h"
#include "flow/alike.h"
#include "flow/digest.h"
#include "flow/reference_find.h"
#include "flow/reference_visit.h"
#include "flow/reference_write.h"
#include "flow/share.h"
#include "store/keylock.h"

#define ROUNDS_MAX 8 /* steps of one reference */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- keys ---- */

/* The reference's own key, in the form that compares: its number, else its first match value. That
 * one may be an address of a person, and keys of links stand in clear, so it is a digest of it. */
static bool own_key(struct wanted *w)
{
    char buf[32];
    struct store *s = w->work->flow->store;
    const char *text = reference_find_text(w->part, "number", buf);
    bool numbered = !fold_is_blank(text);
    for (int i = 0; fold_is_blank(text) && i < w->conf->match_count; i++)
        text = reference_find_text(w->part, w->conf->match[i], buf);
    if (fold_key_into(text, w->said, sizeof w->said) >= sizeof w->said || !w->said[0])
        return false;
    if (numbered)
        memcpy(w->key, w->said, sizeof w->key);
    else
        s->ops->digest(s, w->said, w->key);
    return true;
}

static bool has_match_value(const struct wanted *w)
{
    char buf[32];
    for (int i = 0; i < w->conf->match_count; i++) {
        if (!fold_is_blank(reference_find_text(w->part, w->conf->match[i], buf)))
            return true;
    }
    return false;
}

/* Its kind's letter and the digest of what the record says of it. */
static int digest_of(const struct wanted *w, char out[DIGEST_BYTES + 1])
{
    struct subject subject = reference_find_subject(w);
    char *hex = out;
    if (w->behaviour->kind)
        *hex++ = w->behaviour->kind(&subject);
    return digest_record(w->part, hex);
}

static int want_part(struct wanted *w, struct koppel_error *err)
{
    return own_key(w) ? links_want(w->work->links, w->scope, w->key, err) : 0;
}

int reference_want(struct work *w, struct koppel_error *err)
{
    return reference_visit(w, false, want_part, err);
}

/* ---- what comes of it ---- */

static int use_alias(struct wanted *w, const char *alias, struct koppel_error *err)
{
    return json_object_set_new(w->part, "ref", json_string(alias)) == 0 ? 0 : no_memory(err);
}

/* The default record instead, looked up once and then remembered. */
static int use_fallback(struct wanted *w, struct koppel_error *err)
{
    const struct flow *f = w->work->flow;
    const char *field = catalogue_number(w->entity, w->ref->key);
    snprintf(w->key, sizeof w->key, "default:%.200s", w->conf->fallback);
    memcpy(w->said, w->key, sizeof w->said);
    if (links_get(w->work->links, w->scope, w->key, &w->link, err) != 0)
        return -1;
    if (w->link->state == LINK_THERE && (w->link->alias || reference_find_by_id(w)))
        return use_alias(w, reference_find_by_id(w) ? w->link->id : w->link->alias, err);
    if (reference_find_one(w, field, w->conf->fallback, err) != 0)
        return -1;
    if (w->asked != ASKED_EQUAL)
        return err_set(err, KOPPEL_E_CONFIG, "the default %s \"%s\" of flow %s is not in %s",
                       w->ref->name, w->conf->fallback, f->conf->name, f->conf->to->name);
    if (knowledge_stands(w->link, w->id, 1) != 0 ||
        reference_find_name(w, w->alias, err) != 0 || reference_write_link(w, err) != 0)
        return -1;
    reference_find_note(w, "default", w->alias);
    return use_alias(w, w->alias, err);
}

/* ---- where it is missing ---- */

static int missing(const struct wanted *w, struct koppel_error *err)
{
    char reason[48], buf[32];
    snprintf(reason, sizeof reason, "%.30s.missing", w->ref->name);
    const char *text = reference_find_text(w->part, "description", buf);
    err_reason(err, KOPPEL_E_REJECTED, reason, "%s \"%s\"%s%s%s is not in %s", w->ref->name,
               w->tried[0] ? w->tried : w->said, *text ? " (" : "", text, *text ? ")" : "",
               w->work->flow->conf->to->name);
    return fact_add(err, w->ref->name, w->tried[0] ? w->tried : w->said);
}

static int not_made(const struct wanted *w, struct koppel_error *err)
{
    struct subject subject = reference_find_subject(w);
    if (w->conf->missing == MISSING_CREATE && w->behaviour->findable &&
        !w->behaviour->findable(&subject))
        return err_reason(
            err, KOPPEL_E_REJECTED, "customer.key",
            "no customer key: the customer has no e-mail address or VAT number by which %s would "
            "find it again, and is not there under its number and name",
            w->work->flow->conf->to->name);
    return missing(w, err);
}

/* It is not there: the policy. *done: the reference is resolved. */
static int make(struct wanted *w, const char *digest, bool *done, struct koppel_error *err)
{
    struct subject subject = reference_find_subject(w);
    bool findable = !w->behaviour->findable || w->behaviour->findable(&subject);
    if (w->conf->missing == MISSING_CREATE && (w->entity->can & CAN_CREATE) && findable) {
        if (w->lock && alike_note(w->work->links, w->scope, w->key, w->lock, err) != 0)
            return -1;
        if (reference_write(w, WRITE_CREATE, digest, err) != 0)
            return -1;
        reference_find_note(w, "created", w->link->alias ? w->link->alias : w->link->id);
        w->make_new = false;
        return w->behaviour->share
                   ? share_keep(w->work->links, w->scope, w->key, w->link->id, err)
                   : 0;
    }
    if (w->conf->fallback && (w->conf->missing == MISSING_DEFAULT || !findable)) {
        *done = true;
        return use_fallback(w, err);
    }
    return not_made(w, err);
}

/* ---- one step after another ---- */

/* Whose is what was found? */
static int check_share(struct wanted *w, struct koppel_error *err)
{
    const char *owner;
    struct subject subject = reference_find_subject(w);
    w->shared = false;
    if (!w->behaviour->share)
        return 0;
    if (share_owner(w->work->links, w->scope, w->key, w->id, &owner, err) != 0)
        return -1;
    if (!owner)
        return share_keep(w->work->links, w->scope, w->key, w->id, err);
    if (w->behaviour->share(&subject, w->record, owner, err) != 0)
        return -1;
    w->shared = true;
    reference_find_note(w, "shared", owner);
    return 0;
}

static int take_standing(struct wanted *w, struct koppel_error *err)
{
    if (check_share(w, err) != 0)
        return -1;
    if (knowledge_stands(w->link, w->id, 1) != 0)
        return no_memory(err);
    if (reference_find_name(w, w->alias, err) != 0)
        return -1;
    w->link->adopted = w->shared;
    w->make_new = false;
    reference_find_note(w, "found", w->alias && *w->alias ? w->alias : w->id);
    return reference_write_link(w, err);
}

static void drop_link(struct wanted *w)
{
    reference_find_note(w, "gone", "what it was linked with is not there any more");
    store_link_done(w->link);
    *w->link = (struct store_link){0};
    reference_find_forget(w);
}

/* The flow of such records made the link without an alias: the record is asked for it, once. */
static int learn_alias(struct wanted *w, struct koppel_error *err)
{
    if (w->link->alias || reference_find_by_id(w))
        return 0;
    if (reference_find_too_early(w->work->flow, w->entity, w->link, err) != 0)
        return -1;
    if (catalogue_finds(w->entity, w->entity->key) &&
        reference_find_one(w, w->entity->key, w->link->id, err) != 0)
        return -1;
    if (w->asked != ASKED_EQUAL) {
        drop_link(w);
        return 0;
    }
    if (reference_find_name(w, w->alias, err) != 0)
        return -1;
    reference_find_forget(w);
    return reference_write_link(w, err);
}

static int remember_used(struct wanted *w, struct koppel_error *err)
{
    struct work_used *used = calloc(1, sizeof *used);
    if (!used)
        return no_memory(err);
    used->entity = w->entity;
    used->scope = strdup(w->scope);
    used->key = strdup(w->key);
    used->id = strdup(w->link->id ? w->link->id : "");
    used->alias = w->link->alias ? strdup(w->link->alias) : NULL;
    used->alias_field = w->ref->key;
    used->next = w->work->used;
    w->work->used = used;
    return used->scope && used->key && used->id ? 0 : no_memory(err);
}

static bool may_update(const struct wanted *w)
{
    return w->conf->update_existing && (w->entity->can & CAN_UPDATE) && !w->link->adopted;
}

static bool is_known(const struct wanted *w, const char *digest)
{
    return w->link->state == LINK_THERE && w->link->id &&
           (w->link->alias || reference_find_by_id(w)) &&
           (!may_update(w) || (w->link->digest && strcmp(w->link->digest, digest) == 0));
}

/* It stands there: brought up to date, where the policy says so. *done: nothing more to do. */
static int stands(struct wanted *w, const char *digest, bool *done, struct koppel_error *err)
{
    struct subject subject = reference_find_subject(w);
    const char *was = w->link->digest;
    if (learn_alias(w, err) != 0 || w->link->state != LINK_THERE)
        return w->link->state == LINK_THERE ? -1 : 0;
    json_object_del(w->part, "type_changed");
    if (w->behaviour->kind && was && *was != w->behaviour->kind(&subject)) {
        if (w->behaviour->turned(&subject, *was, w->conf->type_change, &w->make_new, err) != 0)
            return fact_add(err, "setting", "references/customer/type_change");
        if (w->make_new) {
            if (w->asked == ASKED_NOT)
                return reference_find_match(w, NULL, err);
            return w->asked == ASKED_EQUAL ? take_standing(w, err) : make(w, digest, done, err);
        }
    }
    if (!is_known(w, digest)) {
        if (reference_write(w, WRITE_UPDATE, digest, err) != 0) {
            if (err->kind != KOPPEL_E_REJECTED || strcmp(err->reason, KOPPEL_REASON_GONE) != 0)
                return -1;
            *err = (struct koppel_error){0};
            drop_link(w);
            return 0;
        }
        reference_find_note(w, "updated", w->link->alias ? w->link->alias : w->link->id);
    }
    *done = true;
    if (remember_used(w, err) != 0)
        return -1;
    return use_alias(w, reference_find_by_id(w) ? w->link->id : w->link->alias, err);
}

static int find(struct wanted *w, struct koppel_error *err)
{
    const char *text = w->link->state == LINK_MAYBE ? w->link->begun.document : NULL;
    json_t *begun = text ? json_read(text, strlen(text), NULL, NULL) : NULL;
    int rc = reference_find_match(w, begun, err);
    json_decref(begun);
    return rc;
}

static int step(struct wanted *w, const char *digest, bool *done, struct koppel_error *err)
{
    int64_t quiet_ms = connection_quiet_ms(w->work->flow->to, w->entity) - w->link->unseen_ms;
    switch (knowledge_decide(w->link, &w->means, w->asked, quiet_ms)) {
    case VERDICT_QUIET:
        err_reason(err, KOPPEL_E_RETRY, "quiet",
                   "whether %s \"%s\" was made is looked up once it cannot arrive any more",
                   w->ref->name, w->said);
        err->retry_after_ms = quiet_ms;
        return -1;
    case VERDICT_FIND:
        return find(w, err);
    case VERDICT_BEFORE:
        knowledge_before(w->link);
        reference_find_forget(w);
        return 0;
    case VERDICT_OPEN:
        knowledge_open(w->link);
        reference_find_forget(w);
        return 0;
    case VERDICT_STANDS:
    case VERDICT_AFTER:
        return take_standing(w, err);
    case VERDICT_CREATE:
        return make(w, digest, done, err);
    case VERDICT_CHANGE:
        return stands(w, digest, done, err);
    default:
        return err_reason(err, KOPPEL_E_REJECTED, "unsure",
                          "%s \"%s\" may have been made there, and %s cannot be asked",
                          w->ref->name, w->said, w->work->flow->conf->to->name);
    }
}

/* Link, match keys, policy; the caller holds the key's lock. */
static int resolve_locked(struct wanted *w, const char *digest, struct koppel_error *err)
{
    bool done = false;
    int rc = w->work->shown ? links_get(w->work->links, w->scope, w->key, &w->link, err)
                            : links_again(w->work->links, w->scope, w->key, &w->link, err);
    if (rc != 0)
        return -1;
    for (int i = 0; i < ROUNDS_MAX && !done; i++) {
        if (step(w, digest, &done, err) != 0)
            return -1;
    }
    return done ? 0
                : err_set(err, KOPPEL_E_BUG, "%s \"%s\" comes to no end", w->ref->name, w->said);
}

static bool is_stopping(const void *arg)
{
    return flow_stopping(arg);
}

static int resolve_part(struct wanted *w, struct koppel_error *err)
{
    char lock[REFERENCE_SCOPE_BYTES + STORE_KEY_BYTES], digest[DIGEST_BYTES + 1] = "";
    json_object_del(w->part, "ref"); /* of an earlier try: not what the record itself says */
    w->tried[0] = '\0';
    w->make_new = w->shared = false;
    if (w->conf->force && w->conf->fallback)
        return use_fallback(w, err);
    /* what the referred record needs itself comes first, before its lock: a category's parent */
    if (w->entity->reference_count > 0 && w->conf->missing == MISSING_CREATE &&
        reference_visit_nested(w, resolve_part, err) != 0)
        return -1;
    if (!own_key(w) || !has_match_value(w)) {
        char reason[48];
        if (w->conf->fallback)
            return use_fallback(w, err);
        snprintf(reason, sizeof reason, "%.30s.key", w->ref->name);
        return err_reason(err, KOPPEL_E_REJECTED, reason, "no %s key: the record has no %s",
                          w->ref->name,
                          w->conf->match_count > 0 ? w->conf->match[0] : "match field");
    }
    if (links_get(w->work->links, w->scope, w->key, &w->link, err) != 0)
        return -1;
    /* where nothing is compared, no digest is wanted */
    bool done = false, kept = !may_update(w) && !w->behaviour->kind && is_known(w, "");
    if (!kept && digest_of(w, digest) != 0)
        return no_memory(err);
    /* the common case: nothing to ask, nothing to write, no lock */
    if (kept || is_known(w, digest))
        return stands(w, digest, &done, err);
    struct subject subject = reference_find_subject(w);
    size_t n = (size_t)snprintf(lock, sizeof lock, "%s|", w->scope);
    if (w->behaviour->lock)
        w->behaviour->lock(&subject, lock + n, sizeof lock - n);
    else
        snprintf(lock + n, sizeof lock - n, "%s", w->key);
    struct flow *f = w->work->flow;
    bool shown = w->work->shown; /* a preview makes nothing that another one could make as well */
    struct keylock *held =
        shown ? NULL : keylock_take(f->store, lock, f->quiet_ms, is_stopping, f, err);
    if (!held && !shown)
        return -1;
    w->lock = w->behaviour->lock && !shown ? lock : NULL;
    int rc = w->lock ? alike_look(f, w->work->links, w->entity, w->scope, w->key, lock, err) : 0;
    if (rc == 0)
        rc = resolve_locked(w, digest, err);
    w->lock = NULL;
    keylock_give(held);
    reference_find_forget(w);
    return rc;
}

int reference_resolve(struct work *w, struct koppel_error *err)
{
    if (w->resolved)
        return 0;
    int rc = reference_visit(w, true, resolve_part, err);
    w->resolved = rc == 0;
    return rc;
}
