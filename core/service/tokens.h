/* SPDX-License-Identifier: MIT
 * Tokens of programs: "kop_..." in place of a log-in. What is kept is named by the digest, a sealed
 * value "token/ID" each; the token itself is shown once. */
#ifndef KOPPEL_SERVICE_TOKENS_H
#define KOPPEL_SERVICE_TOKENS_H

#include "service/accounts.h"
#include "service/service.h"

#define TOKENS_NAME_BYTES 41
#define TOKENS_ID_BYTES 33
#define TOKENS_METRICS 0 /* in place of a role: metrics and probes, nothing else */

struct tokens_one {
    char id[TOKENS_ID_BYTES];
    char name[TOKENS_NAME_BYTES];
    char by[ACCOUNTS_NAME_BYTES]; /* who made it */
    int role;                     /* enum service_role, or TOKENS_METRICS */
    int64_t made_ms, used_ms;     /* since 1970 UTC; used 0: never */
    int64_t until_ms;             /* 0: for ever */
};

/* *found false: there is none of that text, or it has run out. */
int tokens_find(struct store *s, const char *token, struct tokens_one *out, bool *found,
                struct koppel_error *err);

/* {}: {"tokens":[{"token" (its name),"role","made","by","used" (or null),"until" (or null)}]}. */
int tokens_list(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"token","role": "viewer", "operator", "admin" or "metrics","until"?}: {"token","secret"}, which
 * is never told again. "token.there". */
int tokens_add(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"token"}: {"token"}. */
int tokens_remove(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
