/* SPDX-License-Identifier: MIT
 * An access token that several requests use at a time: the last one frees it. */
#include "oauth/oauth2_bearer.h"

#include <stdatomic.h>
#include <stdlib.h>

struct oauth2_bearer {
    atomic_int refs;
    struct secret *token;
};

void oauth2_bearer_forget(struct secret *token)
{
    if (token)
        mask_forget(secret_text(token));
    secret_free(token);
}

struct oauth2_bearer *oauth2_bearer_new(struct secret *token)
{
    struct oauth2_bearer *b = calloc(1, sizeof *b);
    if (!b) {
        oauth2_bearer_forget(token);
        return NULL;
    }
    atomic_init(&b->refs, 1);
    b->token = token;
    return b;
}

struct oauth2_bearer *oauth2_bearer_ref(struct oauth2_bearer *b)
{
    atomic_fetch_add(&b->refs, 1);
    return b;
}

const struct secret *oauth2_bearer_secret(const struct oauth2_bearer *b)
{
    return b->token;
}

void oauth2_bearer_drop(struct oauth2_bearer *b)
{
    if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
        return;
    oauth2_bearer_forget(b->token);
    free(b);
}
