/* SPDX-License-Identifier: MIT
 * Users of the pages, as they are kept: a sealed value "user/NAME" each, with a revision, so that
 * of two changes at once one is refused. */
#ifndef KOPPEL_SERVICE_ACCOUNTS_H
#define KOPPEL_SERVICE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "service/service.h"
#include "store/store.h"

#define ACCOUNTS_NAME_BYTES 65
#define ACCOUNTS_HASH_BYTES 128 /* of a password; crypto_pwhash_STRBYTES */
#define ACCOUNTS_LANGUAGE_BYTES 8
#define ACCOUNTS_LINK_BYTES 65 /* digest of an invitation's secret as hex */

struct accounts_user {
    char name[ACCOUNTS_NAME_BYTES];
    enum service_role role;
    bool personal;                    /* may see personal data, whatever the role */
    char language[ACCOUNTS_LANGUAGE_BYTES]; /* "en", "de", "nl"; "": the browser's */
    char password[ACCOUNTS_HASH_BYTES];     /* argon2id; "": none yet, so nobody logs in */
    char link[ACCOUNTS_LINK_BYTES];         /* of an invitation; "": none is open */
    int64_t link_until_ms;
    int64_t made_ms, seen_ms; /* since 1970 UTC; seen 0: never logged in */
    json_t *totp;             /* second factor, of service/totp.h alone; NULL: none */
    int64_t rev;              /* of what was loaded; 0: it is new */
};

/* What a name may be: small letters, digits and . _ - @ + , up to 64. */
bool accounts_name_good(const char *name);
const char *accounts_role_name(enum service_role role); /* "viewer" */
/* -1: there is no such role. */
int accounts_role_parse(const char *name, enum service_role *out);

/* *found false, and out empty: there is none. accounts_done in any case. */
int accounts_load(struct store *s, const char *name, struct accounts_user *out, bool *found,
                  struct koppel_error *err);
/* KOPPEL_E_RETRY "user.changed": another change came in between. rev is that of the new value. */
int accounts_save(struct store *s, struct accounts_user *user, struct koppel_error *err);
int accounts_drop(struct store *s, const char *name, struct koppel_error *err);
void accounts_done(struct accounts_user *user);

/* All of them, in the order of their names; visit ends it with other than 0, which is given
 * back. */
int accounts_each(struct store *s, int (*visit)(void *arg, const struct accounts_user *user),
                  void *arg, struct koppel_error *err);
int accounts_any(struct store *s, bool *any, struct koppel_error *err);
/* How many admins could log in, but for the user of this name (may be NULL). */
int accounts_admins(struct store *s, const char *but, int *count, struct koppel_error *err);

#endif
