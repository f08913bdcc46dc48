/* SPDX-License-Identifier: MIT
 * The listener on loopback that receives the browser's redirect of `koppel connect`. */
#ifndef KOPPEL_OAUTH_OAUTH2_REDIRECT_H
#define KOPPEL_OAUTH_OAUTH2_REDIRECT_H

#include <stdint.h>

#include "base/err.h"

#define OAUTH2_REDIRECT_PATH "/callback"

struct oauth2_redirect;

struct oauth2_redirect *oauth2_redirect_new(int port, struct koppel_error *err); /* 0: any */
void oauth2_redirect_free(struct oauth2_redirect *r);
int oauth2_redirect_port(const struct oauth2_redirect *r);
/* Waits for /callback with this state; other paths and states are answered and ignored. *query: of
 * the address, with a code or an error (oauth2_answer.h); the caller's to free. */
int oauth2_redirect_wait(struct oauth2_redirect *r, const char *state, int64_t wait_ms,
                         char **query, struct koppel_error *err);

#endif
