/* SPDX-License-Identifier: MIT
 * Log-ins of browsers, as they are kept: a sealed value "session/ID" each. The browser has the
 * token; what is kept is named by its digest, so that nobody logs in with what a store holds. */
#ifndef KOPPEL_SERVICE_SESSIONS_H
#define KOPPEL_SERVICE_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "service/accounts.h"
#include "store/store.h"

#define SESSIONS_TOKEN_BYTES 44 /* 32 random bytes as base64url, NUL included */
#define SESSIONS_ID_BYTES 33    /* hex digits, NUL included */
#define SESSIONS_AGENT_BYTES 160

struct sessions_one {
    char id[SESSIONS_ID_BYTES];
    char user[ACCOUNTS_NAME_BYTES];
    char agent[SESSIONS_AGENT_BYTES]; /* what the browser calls itself */
    char address[64];                 /* of the network it came from */
    bool remembered;                  /* on a device of the user's own */
    int64_t made_ms, seen_ms;         /* since 1970 UTC */
    int64_t proved_ms;                /* when the password was typed last */
};

/* A new one of one->user; the others of that user stay, the oldest beyond 30 go. Fills id and
 * times; token is for the browser. */
int sessions_begin(struct store *s, struct sessions_one *one, char token[SESSIONS_TOKEN_BYTES],
                   struct koppel_error *err);
/* *found false: there is none, or it is too old. Idle it lives for 2 hours and in all for 12; a
 * remembered one for 30 days. */
int sessions_find(struct store *s, const char *token, struct sessions_one *out, bool *found,
                  struct koppel_error *err);
/* The password was typed again. */
int sessions_prove(struct store *s, struct sessions_one *one, struct koppel_error *err);
int sessions_end(struct store *s, const char *id, struct koppel_error *err);
/* Every one of the user but for this id (may be NULL). */
int sessions_end_all(struct store *s, const char *user, const char *but, struct koppel_error *err);
/* Every one that has not run out. visit ends it with other than 0. */
int sessions_each(struct store *s, int (*visit)(void *arg, const struct sessions_one *one),
                  void *arg, struct koppel_error *err);
/* What the browser sends along with what changes something. */
void sessions_csrf(const char *token, char out[SESSIONS_TOKEN_BYTES]);

#endif
