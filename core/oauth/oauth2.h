/* SPDX-License-Identifier: MIT
 * OAuth 2.0 for a connection: authorization code with PKCE, refresh under one lock of all hosts,
 * client credentials. A rotated refresh token is sealed in the store before the access token is
 * used. */
#ifndef KOPPEL_OAUTH_OAUTH2_H
#define KOPPEL_OAUTH_OAUTH2_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "http/http.h"
#include "oauth/oauth2_bearer.h"
#include "store/store.h"

struct oauth2_conf {
    const char *connection;        /* tokens are sealed under "oauth/<connection>" */
    const char *grant;             /* "authorization_code" or "client_credentials" */
    const char *authorize_url, *token_url;
    const char *client_id;
    const struct secret *client_secret; /* sent in the body (Asperion), NULL: public client */
    const char *scope;             /* may be "" */
};

struct oauth2;

/* Strings are copied. http (for the token calls) and store are borrowed. */
struct oauth2 *oauth2_new(const struct oauth2_conf *conf, struct http *http, struct store *store,
                          struct koppel_error *err);
void oauth2_free(struct oauth2 *o);

/* The access token to use now, refreshed when it is about to end; the caller frees it.
 * KOPPEL_E_AUTH ("run: koppel connect NAME") where there is none or the refresh was refused. */
int oauth2_token(struct oauth2 *o, struct secret **out, struct koppel_error *err);
/* The same token without a copy, for the HTTP client (one per request): give it back with
 * oauth2_bearer_drop. It stays readable after a refresh, until it is dropped. */
int oauth2_hold(struct oauth2 *o, struct oauth2_bearer **out, struct koppel_error *err);
/* How its login stands. */
struct oauth2_state {
    bool in;             /* there are tokens */
    bool ended;          /* the last renewal was refused: somebody has to log in */
    int64_t until_ms;    /* when the access token ends, since 1970 UTC; it is renewed. 0: none */
    int64_t login_ends_ms; /* when the login as a whole does, where the peer tells; 0: unknown */
};
/* Looks at what is stored, too; asks nobody else, and waits for no renewal under way. */
int oauth2_look(struct oauth2 *o, struct oauth2_state *out, struct koppel_error *err);

/* The peer answered 401 to `used`: refreshes once unless another thread or host has. */
int oauth2_refused(struct oauth2 *o, const struct secret *used, struct koppel_error *err);

#endif
