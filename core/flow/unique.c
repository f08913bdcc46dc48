/* SPDX-License-Identifier: MIT
 * No two records of a source may carry the same number or barcode: the second one would silently write
 * over the first. Who has which value is remembered beside the links, in both directions, so that a
 * value that was given up is free again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/keylock.h"
#include "flow/work.h"

#define SCOPE_BYTES (FLOW_SCOPE_BYTES + 16)

/* The id that a scope holds for a key; NULL in *out: none (caller frees). */
static int fact(struct flow *f, const char *scope, const char *key, char **out, struct koppel_error *err)
{
    struct store_link link = {0};
    int found = 0;
    *out = NULL;
    if (f->store->ops->link_get(f->store, scope, key, &link, &found, err) != 0)
        return -1;
    if (found && link.id)
        *out = strdup(link.id);
    store_link_done(&link);
    return 0;
}

/* Who holds the value now? *other: the key of another record that still has it (caller frees). */
static int holder(struct flow *f, const char *scope, const char *back, const char *value, const char *key,
                  char **other, struct koppel_error *err)
{
    char *has = NULL;
    if (fact(f, scope, value, other, err) != 0)
        return -1;
    if (!*other || strcmp(*other, key) == 0) {
        free(*other);
        *other = NULL;
        return 0;
    }
    if (fact(f, back, *other, &has, err) != 0)
        return -1;
    if (!has || strcmp(has, value) != 0) { /* it has another value by now */
        free(*other);
        *other = NULL;
    }
    free(has);
    return 0;
}

static int claim(struct flow *f, const char *scope, const char *key, const char *id, struct koppel_error *err)
{
    struct store_link_change change = {.scope = scope, .key = key, .id = id};
    return f->store->ops->link_put(f->store, &change, err);
}

static int check(struct flow *f, struct work *w, const char *member, struct koppel_error *err)
{
    char scope[SCOPE_BYTES], back[SCOPE_BYTES], *other = NULL, *mine = NULL;
    const char *value = work_text(w, member);
    if (!*value || strlen(value) >= STORE_KEY_BYTES)
        return 0;
    snprintf(scope, sizeof scope, "%s#%s", f->scope, member);
    snprintf(back, sizeof back, "%s#has-%s", f->scope, member);
    if (fact(f, back, w->job->key, &mine, err) != 0)
        return -1;
    bool known = mine && strcmp(mine, value) == 0;
    free(mine);
    char lock[SCOPE_BYTES + STORE_KEY_BYTES];
    snprintf(lock, sizeof lock, "%s %s", scope, value);
    keylock_take(lock); /* claimed at once: the other one may be on its way on another thread */
    int rc = holder(f, scope, back, value, w->job->key, &other, err);
    if (rc == 0 && other)
        rc = err_reason(err, KOPPEL_E_REJECTED, "duplicate", "duplicate key: records %s and %s of %s both have "
                        "the %s \"%s\"", other, w->job->key, f->conf->from->name, member, value);
    else if (rc == 0 && !known)
        rc = claim(f, scope, value, w->job->key, err) == 0 ? claim(f, back, w->job->key, value, err) : -1;
    keylock_give(lock);
    free(other);
    return rc;
}

int work_unique(struct flow *f, struct work *w, struct koppel_error *err)
{
    return check(f, w, "number", err) == 0 ? check(f, w, "barcode", err) : -1;
}
