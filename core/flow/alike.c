/* SPDX-License-Identifier: MIT
 * Facts "scope#announced": digest of the name -> source key. */
#include "flow/alike.h"

#include <stdio.h>
#include <string.h>

#include "connection/connection.h"

#define SCOPE_BYTES 400

static void announced(struct links *l, const char *scope, const char *name, char out[SCOPE_BYTES],
                      char digest[STORE_DIGEST_BYTES])
{
    snprintf(out, SCOPE_BYTES, "%.380s#announced", scope);
    l->store->ops->digest(l->store, name, digest);
}

int alike_look(const struct flow *f, struct links *l, const struct cat_entity *e,
               const char *scope, const char *key, const char *name, struct koppel_error *err)
{
    char facts[SCOPE_BYTES], digest[STORE_DIGEST_BYTES], other[STORE_KEY_BYTES];
    struct store_link *link;
    announced(l, scope, name, facts, digest);
    if (links_again(l, facts, digest, &link, err) != 0)
        return -1;
    snprintf(other, sizeof other, "%s", link->id ? link->id : "");
    if (!*other || strcmp(other, key) == 0)
        return 0;
    if (links_again(l, scope, other, &link, err) != 0)
        return -1;
    int64_t quiet_ms = connection_quiet_ms(f->to, e) - link->unseen_ms;
    if (link->state != LINK_MAYBE || quiet_ms <= 0)
        return 0; /* from here on a look-up tells whether it is there */
    err_reason(err, KOPPEL_E_RETRY, "quiet",
               "another %s that would be the same there may still arrive", e->name);
    err->retry_after_ms = quiet_ms;
    return -1;
}

int alike_note(struct links *l, const char *scope, const char *key, const char *name,
               struct koppel_error *err)
{
    char facts[SCOPE_BYTES], digest[STORE_DIGEST_BYTES];
    announced(l, scope, name, facts, digest);
    struct store_link_change change = links_remember(facts, digest, key);
    return links_put(l, &change, 1, err);
}
