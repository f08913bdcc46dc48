/* SPDX-License-Identifier: MIT
 * `koppel connect`: authorization code with PKCE. */
#ifndef KOPPEL_OAUTH_OAUTH2_CONNECT_H
#define KOPPEL_OAUTH_OAUTH2_CONNECT_H

#include "oauth/oauth2.h"

/* Listens on loopback (port 0: any), calls show(arg, url) with the URL to open,
 * waits for the redirect, exchanges the code and stores the tokens. */
int oauth2_connect(struct oauth2 *o, int port, int64_t wait_ms,
                   void (*show)(void *arg, const char *url), void *arg, struct koppel_error *err);

#endif
