/* SPDX-License-Identifier: MIT
 * Who has which value is remembered beside the links in both directions (value -> key and key ->
 * value), so that a value that was given up is free again; and a record that ended gives up its
 * own. While a job is under way its values are claimed in the store, as another record with one of
 * them may be on its way on another thread or host. */
#include "flow/unique.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fact.h"

#define SCOPE_BYTES (FLOW_SCOPE_BYTES + 24)
#define CLAIM_BYTES (SCOPE_BYTES + STORE_KEY_BYTES + 1)

static void scopes(const struct flow *f, const char *member, char holds[SCOPE_BYTES],
                   char has[SCOPE_BYTES])
{
    snprintf(holds, SCOPE_BYTES, "%s#%s", f->scope, member);
    snprintf(has, SCOPE_BYTES, "%s#has-%s", f->scope, member);
}

/* "": the record has none, or one that is no key. */
static const char *value_of(const struct work *w, const char *member)
{
    const char *value = work_text(w, member);
    return strlen(value) < STORE_KEY_BYTES ? value : "";
}

int unique_want(struct work *w, struct koppel_error *err)
{
    char holds[SCOPE_BYTES], has[SCOPE_BYTES];
    const char *const *members = w->flow->behaviour->unique;
    for (int i = 0; members[i]; i++) {
        const char *value = value_of(w, members[i]);
        if (!*value)
            continue;
        scopes(w->flow, members[i], holds, has);
        if (links_want(w->links, holds, value, err) != 0 ||
            links_want(w->links, has, w->job->key, err) != 0)
            return -1;
    }
    return 0;
}

/* The key of another record that has the value now; NULL: none. */
static int holder(struct work *w, const char *holds, const char *has, const char *value,
                  const char **other, struct koppel_error *err)
{
    const char *key, *theirs;
    struct store_link *link;
    *other = NULL;
    if (links_fact(w->links, holds, value, &key, err) != 0)
        return -1;
    if (!*key || strcmp(key, w->job->key) == 0)
        return 0;
    if (links_fact(w->links, has, key, &theirs, err) != 0 ||
        links_get(w->links, w->flow->scope, key, &link, err) != 0)
        return -1;
    /* it has another value by now, or it is gone: the value is free again */
    if (strcmp(theirs, value) == 0 && !link->closed)
        *other = key;
    return 0;
}

static int duplicate(const struct work *w, const char *member, const char *value, const char *other,
                     struct koppel_error *err)
{
    err_reason(err, KOPPEL_E_REJECTED, "duplicate",
               "duplicate key: records %s and %s of %s both have the %s \"%s\"", other,
               w->job->key, w->flow->conf->from->name, member, value);
    fact_add(err, "field", member);
    return fact_add(err, "value", value);
}

static int check(struct work *w, const char *member, struct koppel_error *err)
{
    char holds[SCOPE_BYTES], has[SCOPE_BYTES], name[CLAIM_BYTES], *claimed = NULL;
    const char *value = value_of(w, member), *other, *mine;
    struct store *s = w->flow->store;
    if (!*value)
        return 0;
    scopes(w->flow, member, holds, has);
    if (links_fact(w->links, has, w->job->key, &mine, err) != 0)
        return -1;
    bool known = strcmp(mine, value) == 0;
    if (!known && w->links->lease) {
        snprintf(name, sizeof name, "%s %s", holds, value);
        const char *one = name;
        if (s->ops->claim(s, w->links->lease, w->job->key, &one, 1, &claimed, err) != 0)
            return -1;
        if (claimed) {
            int rc = duplicate(w, member, value, claimed, err);
            free(claimed);
            return rc;
        }
        char *own = strdup(name);
        if (!own)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
        w->claim[w->claim_count++] = own;
        /* claimed: what the store says now holds until this job is settled */
        struct store_link *link;
        if (links_again(w->links, holds, value, &link, err) != 0)
            return -1;
    }
    if (holder(w, holds, has, value, &other, err) != 0)
        return -1;
    if (other)
        return duplicate(w, member, value, other, err);
    if (known)
        return 0;
    return work_remember(w, holds, value, w->job->key, err) == 0
               ? work_remember(w, has, w->job->key, value, err)
               : -1;
}

int unique_check(struct work *w, struct koppel_error *err)
{
    const char *const *members = w->flow->behaviour->unique;
    for (int i = 0; members[i]; i++) {
        if (check(w, members[i], err) != 0)
            return -1;
    }
    return 0;
}

void unique_done(struct work *w)
{
    struct store *s = w->flow->store;
    if (w->claim_count > 0)
        s->ops->unclaim(s, w->links->lease, w->claim, w->claim_count);
    for (int i = 0; i < w->claim_count; i++)
        free((char *)w->claim[i]);
    w->claim_count = 0;
}
