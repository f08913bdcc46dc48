/* SPDX-License-Identifier: MIT
 * What the files of OAuth 2.0 share. */
#ifndef KOPPEL_HTTP_OAUTH2_INTERNAL_H
#define KOPPEL_HTTP_OAUTH2_INTERNAL_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/buf.h"
#include "oauth/oauth2.h"

#define OAUTH2_EARLY_MS 30000 /* a token that ends this soon is refreshed */
#define OAUTH2_FORM_MAX_BYTES (64 * 1024)

/* What the store keeps. */
struct oauth2_tokens {
    struct secret *access, *refresh; /* NULL: none */
    int64_t expires_at_ms;
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
    bool loaded;
    bool dead;              /* the peer refused `refresh`: only a new one helps */
    struct secret *unsealed; /* tokens as JSON that the store could not take yet */
};

/* oauth2.c */
int oauth2_no_memory(const struct oauth2 *o, struct koppel_error *err);
void oauth2_tokens_done(struct oauth2_tokens *t);
/* The tokens as the store keeps them. NULL: no memory. */
struct secret *oauth2_tokens_format(const struct oauth2_tokens *t);
/* Seals what the peer issued (o->unsealed) and only then puts it to use. What cannot be sealed is
 * kept in memory and tried again: the peer may have ended the refresh token before it. */
int oauth2_seal_and_adopt(struct oauth2 *o, struct koppel_error *err);
/* A new token by the client's own credentials. o->refreshing is held. */
int oauth2_client_credentials(struct oauth2 *o, struct koppel_error *err);

/* oauth2_call.c: the token endpoint */
void oauth2_call_form_add(struct buf *form, const char *name, const char *value);
/* A text member as a secret; NULL: missing, empty or far too long. */
struct secret *oauth2_call_member_secret(const json_t *object, const char *name);
/* Posts the form, wiped afterwards and never traced. *grant_ended: the peer refused the grant. */
int oauth2_call_token(struct oauth2 *o, struct buf *form, struct oauth2_tokens *out,
                      bool *grant_ended, struct koppel_error *err);

#endif
