/* SPDX-License-Identifier: MIT
 * The tokens of a connection: in memory, and sealed in the store. What struct oauth2 consists of
 * stands here too. Not for other folders. */
#ifndef KOPPEL_OAUTH_OAUTH2_TOKENS_H
#define KOPPEL_OAUTH_OAUTH2_TOKENS_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "oauth/oauth2.h"
#include "oauth/oauth2_bearer.h"

#define OAUTH2_TOKENS_EARLY_MS 30000 /* a token that ends this soon is refreshed */

/* What the store keeps. */
struct oauth2_tokens {
    struct secret *access, *refresh; /* NULL: none */
    int64_t expires_at_ms;           /* of access */
    int64_t login_ends_ms;           /* of refresh, where the peer tells; 0: unknown */
};

struct oauth2 {
    char *connection, *grant, *authorize_url, *token_url, *client_id, *scope, *sealed_name;
    struct secret *client_secret;
    struct http *http;
    struct store *store;

    pthread_mutex_t lock; /* guards the next two; never held over I/O */
    struct oauth2_bearer *bearer;
    int64_t expires_at_ms;

    pthread_mutex_t refreshing; /* held over I/O; guards the rest */
    struct secret *refresh;
    int64_t rev;             /* of what was read in the store last; -1: ours goes over any */
    bool loaded;
    int64_t login_ends_ms;   /* of refresh; 0: unknown */
    atomic_int failing;      /* renewals fail, as KOPPEL_E_* says; 0: the last one worked */
    bool dead;              /* the peer refused `refresh`: only a new one helps */
    struct secret *unsealed; /* tokens as JSON that the store could not take yet */
};

/* Frees both; *t is empty then. */
void oauth2_tokens_done(struct oauth2_tokens *t);
/* The tokens as the store keeps them. NULL: no memory. */
struct secret *oauth2_tokens_format(const struct oauth2_tokens *t);
/* A text member as a token, or a copy of one; NULL: missing, empty or far too long. A token is
 * masked everywhere until oauth2_bearer_forget, or the end of the bearer that it becomes. */
struct secret *oauth2_tokens_member(const json_t *object, const char *name);
struct secret *oauth2_tokens_copy(const struct secret *token);
/* Are both there, and the same? Takes as long for any two of one length. */
bool oauth2_tokens_same(const struct secret *a, const struct secret *b);

/* The token that is good now, with a reference, or NULL. */
struct oauth2_bearer *oauth2_tokens_current(struct oauth2 *o);

/* What the store has now; empty tokens where it has none. *rev (may be NULL): of what was read. */
int oauth2_tokens_read(const struct oauth2 *o, struct oauth2_tokens *out, int64_t *rev,
                       struct koppel_error *err);

/* The rest wants o->refreshing held. */

/* What the store has now, and its o->rev; empty tokens where it has none. */
int oauth2_tokens_stored(struct oauth2 *o, struct oauth2_tokens *out, struct koppel_error *err);
/* Makes these the tokens in use. t is emptied. */
int oauth2_tokens_adopt(struct oauth2 *o, struct oauth2_tokens *t, struct koppel_error *err);
/* Seals what the peer issued (o->unsealed) and only then puts it to use. What cannot be sealed is
 * kept in memory and tried again: the peer may have ended the refresh token before it. *lost: the
 * store has others than those of o->rev; ours are dropped, and what it has is to be read. */
int oauth2_tokens_seal(struct oauth2 *o, bool *lost, struct koppel_error *err);
/* Fills err; returns -1. */
int oauth2_tokens_no_memory(const struct oauth2 *o, struct koppel_error *err);

#endif
