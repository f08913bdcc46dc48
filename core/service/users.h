/* SPDX-License-Identifier: MIT
 * Questions and orders about those who may log in to the dashboard. A new user has no password: the
 * link that comes with it lets one be chosen, once, within 48 hours. */
#ifndef KOPPEL_SERVICE_USERS_H
#define KOPPEL_SERVICE_USERS_H

#include "service/accounts.h"
#include "service/service.h"

#define USERS_LINK_MS (48 * 60 * 60 * INT64_C(1000))

/* {}: {"users":[{"user","role","personal","language","totp","password" (has one),"made","seen" (or
 * null),"invited_until" (or null),"sessions"}]}. */
int users_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"user","role","personal"?}: {"user","url" (null: where the pages are is not known),"until"}. */
int users_add(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);
/* {"user"}: as users_add. Password and second factor are gone, and every session. */
int users_reset(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"user","role"?,"personal"?}: {"user","role","personal"}; with another role, or where it alters
 * what the user may see, the sessions end. The last admin stays one ("user.last"). */
int users_change(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"user"}: {"user"}. */
int users_remove(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"user"}: {"sessions":[{"session","agent","address","remembered","made","seen","own"}]}. */
int users_sessions(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);
/* {"user","session"}: {"session"}. */
int users_session_end(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);

/* The user whose open invitation has this token, with out->rev, so that of two at once one uses it.
 * KOPPEL_E_REJECTED "invite.wrong": there is none. accounts_done in any case. */
int users_invited(struct store *s, const char *token, struct accounts_user *out,
                  struct koppel_error *err);

#endif
