/* SPDX-License-Identifier: MIT
 * Users of the pages, as they are kept. */
#include "service/accounts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_sealed.h"

#define PREFIX "user/"
#define NAME_ROOM (sizeof PREFIX + ACCOUNTS_NAME_BYTES)

_Static_assert(ACCOUNTS_HASH_BYTES >= crypto_pwhash_STRBYTES, "a hash does not fit");

static const char *const roles[] = {[SERVICE_VIEWER] = "viewer",
                                    [SERVICE_OPERATOR] = "operator",
                                    [SERVICE_ADMIN] = "admin"};

bool accounts_name_good(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < ACCOUNTS_NAME_BYTES &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-@+") == length &&
           !strchr("._-@+", name[0]);
}

const char *accounts_role_name(enum service_role role)
{
    return roles[role];
}

int accounts_role_parse(const char *name, enum service_role *out)
{
    for (int i = SERVICE_VIEWER; i <= SERVICE_ADMIN; i++) {
        if (strcmp(roles[i], name) == 0) {
            *out = (enum service_role)i;
            return 0;
        }
    }
    return -1;
}

/* ---- as text ---- */

static int64_t take_number(const json_t *facts, const char *name)
{
    return json_integer_value(json_object_get(facts, name));
}

static int read_user(struct accounts_user *u, const json_t *facts, struct koppel_error *err)
{
    const char *role = json_string_value(json_object_get(facts, "role"));
    if (!role || accounts_role_parse(role, &u->role) != 0)
        return err_set(err, KOPPEL_E_BUG, "the user %s cannot be read", u->name);
    store_sealed_text(facts, "language", u->language, sizeof u->language);
    store_sealed_text(facts, "password", u->password, sizeof u->password);
    store_sealed_text(facts, "link", u->link, sizeof u->link);
    u->personal = json_is_true(json_object_get(facts, "personal"));
    u->link_until_ms = take_number(facts, "link_until");
    u->made_ms = take_number(facts, "made");
    u->seen_ms = take_number(facts, "seen");
    u->totp = json_incref(json_object_get(facts, "totp"));
    return 0;
}

static json_t *facts_of(const struct accounts_user *u)
{
    return json_pack("{s:s,s:b,s:s,s:s,s:s,s:I,s:I,s:I,s:O*}", "role", roles[u->role], "personal",
                     u->personal, "language", u->language, "password", u->password, "link", u->link,
                     "link_until", (json_int_t)u->link_until_ms, "made", (json_int_t)u->made_ms,
                     "seen", (json_int_t)u->seen_ms, "totp", u->totp);
}

/* ---- */

int accounts_load(struct store *s, const char *name, struct accounts_user *out, bool *found,
                  struct koppel_error *err)
{
    char full[NAME_ROOM];
    json_t *facts;
    *out = (struct accounts_user){0};
    *found = false;
    if (!accounts_name_good(name))
        return 0;
    snprintf(full, sizeof full, PREFIX "%s", name);
    if (store_sealed_get(s, full, &facts, &out->rev, err) != 0)
        return -1;
    if (!facts)
        return 0;
    snprintf(out->name, sizeof out->name, "%s", name);
    int rc = read_user(out, facts, err);
    json_decref(facts);
    *found = rc == 0;
    return rc;
}

int accounts_save(struct store *s, struct accounts_user *user, struct koppel_error *err)
{
    char full[NAME_ROOM];
    int lost = 0;
    snprintf(full, sizeof full, PREFIX "%s", user->name);
    int rc = store_sealed_put(s, full, facts_of(user), user->rev, &lost, err);
    if (rc == 0 && lost)
        return err_reason(err, KOPPEL_E_RETRY, "user.changed",
                          "the user %s was changed at the same time; try again", user->name);
    user->rev += rc == 0;
    return rc;
}

int accounts_drop(struct store *s, const char *name, struct koppel_error *err)
{
    char full[NAME_ROOM];
    snprintf(full, sizeof full, PREFIX "%.*s", ACCOUNTS_NAME_BYTES - 1, name);
    return s->ops->sealed_drop(s, full, err);
}

void accounts_done(struct accounts_user *user)
{
    json_decref(user->totp);
    sodium_memzero(user, sizeof *user);
}

/* ---- all of them ---- */

int accounts_each(struct store *s, int (*visit)(void *arg, const struct accounts_user *user),
                  void *arg, struct koppel_error *err)
{
    json_t *names = store_sealed_names(s, PREFIX, err), *name;
    size_t i;
    int rc = names ? 0 : -1;
    json_array_foreach(names, i, name) {
        struct accounts_user user;
        bool found;
        if (rc == 0)
            rc = accounts_load(s, json_string_value(name), &user, &found, err);
        else
            break;
        if (rc == 0 && found)
            rc = visit(arg, &user);
        accounts_done(&user);
    }
    json_decref(names);
    return rc;
}

static int note_any(void *arg, const char *name)
{
    (void)name;
    *(bool *)arg = true;
    return 0;
}

int accounts_any(struct store *s, bool *any, struct koppel_error *err)
{
    *any = false;
    return s->ops->sealed_names(s, PREFIX, note_any, any, err);
}

struct admins {
    const char *but;
    int count;
};

static int count_admin(void *arg, const struct accounts_user *user)
{
    struct admins *a = arg;
    a->count += user->role == SERVICE_ADMIN && *user->password &&
                (!a->but || strcmp(user->name, a->but) != 0);
    return 0;
}

int accounts_admins(struct store *s, const char *but, int *count, struct koppel_error *err)
{
    struct admins a = {but, 0};
    int rc = accounts_each(s, count_admin, &a, err);
    *count = a.count;
    return rc;
}
