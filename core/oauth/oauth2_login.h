/* SPDX-License-Identifier: MIT
 * Logging in by a browser that may be anywhere: authorization code with PKCE, in two steps. What
 * is needed for the second is sealed in the store, so that another process may take it. */
#ifndef KOPPEL_OAUTH_OAUTH2_LOGIN_H
#define KOPPEL_OAUTH_OAUTH2_LOGIN_H

#include "oauth/oauth2.h"
#include "oauth/oauth2_answer.h"

#define OAUTH2_LOGIN_MS (30 * 60 * 1000) /* how long one that was begun may be finished */

#define OAUTH2_LOGIN_UNKNOWN "login.unknown" /* reason: of none that was begun here of late */

/* Begins: *url is to be opened in a browser, which is sent to redirect_uri with *state and a code
 * in the end. Both are the caller's to free. */
int oauth2_login_begin(struct oauth2 *o, const char *redirect_uri, char **url, char **state,
                       struct koppel_error *err);
/* Finishes the one that the answer is of: exchanges the code and stores the tokens. A log-in ends
 * with this, well or badly, unless the identity server could not be reached. KOPPEL_E_REJECTED
 * where the answer is of none (OAUTH2_LOGIN_UNKNOWN, OAUTH2_ANSWER_ADDRESS); KOPPEL_E_AUTH where
 * the log-in was refused, with the server's words. */
int oauth2_login_finish(struct oauth2 *o, const struct oauth2_answer *answer,
                        struct koppel_error *err);
/* Is no browser needed? Then oauth2_login_alone logs in. */
bool oauth2_login_is_alone(const struct oauth2 *o);
int oauth2_login_alone(struct oauth2 *o, struct koppel_error *err);

#endif
