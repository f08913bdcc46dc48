/* SPDX-License-Identifier: MIT
 * Tokens of programs. */
#include "service/tokens.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "service/ask.h"
#include "store/store_sealed.h"

#define PREFIX "token/"
#define NAME_ROOM (sizeof PREFIX + TOKENS_ID_BYTES)
#define BEGIN "kop_"
#define RANDOM_BYTES 32
#define TEXT_BYTES (sizeof BEGIN + 43) /* NUL included */
#define USED_MS (60 * 1000)            /* how exactly it is known when one was used */

static const char *role_name(int role)
{
    return role == TOKENS_METRICS ? "metrics" : accounts_role_name((enum service_role)role);
}

static void id_of(const char *token, char out[TOKENS_ID_BYTES])
{
    unsigned char digest[(TOKENS_ID_BYTES - 1) / 2];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token, strlen(token), NULL, 0);
    sodium_bin2hex(out, TOKENS_ID_BYTES, digest, sizeof digest);
}

/* ---- as text ---- */

static int load(struct store *s, const char *id, struct tokens_one *out, int64_t *rev, bool *found,
                struct koppel_error *err)
{
    char full[NAME_ROOM];
    json_t *facts;
    *out = (struct tokens_one){0};
    *found = false;
    snprintf(full, sizeof full, PREFIX "%s", id);
    if (store_sealed_get(s, full, &facts, rev, err) != 0)
        return -1;
    if (!facts)
        return 0;
    snprintf(out->id, sizeof out->id, "%s", id);
    store_sealed_text(facts, "name", out->name, sizeof out->name);
    store_sealed_text(facts, "by", out->by, sizeof out->by);
    out->role = (int)json_integer_value(json_object_get(facts, "role"));
    out->made_ms = json_integer_value(json_object_get(facts, "made"));
    out->used_ms = json_integer_value(json_object_get(facts, "used"));
    out->until_ms = json_integer_value(json_object_get(facts, "until"));
    *found = json_is_object(facts) && out->role <= SERVICE_ADMIN;
    json_decref(facts);
    return 0;
}

static int save(struct store *s, const struct tokens_one *one, int64_t rev, int *lost,
                struct koppel_error *err)
{
    char full[NAME_ROOM];
    json_t *facts = json_pack("{s:s,s:s,s:i,s:I,s:I,s:I}", "name", one->name, "by", one->by, "role",
                              one->role, "made", (json_int_t)one->made_ms, "used",
                              (json_int_t)one->used_ms, "until", (json_int_t)one->until_ms);
    snprintf(full, sizeof full, PREFIX "%s", one->id);
    return store_sealed_put(s, full, facts, rev, lost, err);
}

/* ---- all of them ---- */

static int each(struct store *s, int (*visit)(void *arg, const struct tokens_one *one), void *arg,
                struct koppel_error *err)
{
    json_t *names = store_sealed_names(s, PREFIX, err), *name;
    size_t i;
    int rc = names ? 0 : -1;
    json_array_foreach(names, i, name) {
        struct tokens_one one;
        int64_t rev;
        bool found = false;
        if (rc == 0)
            rc = load(s, json_string_value(name), &one, &rev, &found, err);
        if (rc == 0 && found)
            rc = visit(arg, &one);
    }
    json_decref(names);
    return rc;
}

struct wanted {
    const char *name;
    char id[TOKENS_ID_BYTES]; /* "": there is none */
};

static int find_name(void *arg, const struct tokens_one *one)
{
    struct wanted *w = arg;
    if (strcmp(one->name, w->name) == 0)
        snprintf(w->id, sizeof w->id, "%s", one->id);
    return 0;
}

/* ---- */

int tokens_find(struct store *s, const char *token, struct tokens_one *out, bool *found,
                struct koppel_error *err)
{
    char id[TOKENS_ID_BYTES];
    int64_t rev, now = clock_now_ms();
    int lost = 0;
    *found = false;
    if (strncmp(token, BEGIN, strlen(BEGIN)) != 0 || strlen(token) != TEXT_BYTES - 1)
        return 0;
    id_of(token, id);
    if (load(s, id, out, &rev, found, err) != 0)
        return -1;
    if (*found && out->until_ms > 0 && now >= out->until_ms)
        *found = false;
    if (!*found || now - out->used_ms < USED_MS)
        return 0;
    out->used_ms = now;
    struct koppel_error ignored = {0};
    (void)save(s, out, rev, &lost, &ignored); /* a store that is full still answers */
    return 0;
}

static json_t *moment(int64_t ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (ms == 0)
        return json_null();
    clock_format(ms, text);
    return json_string(text);
}

static int add_token(void *arg, const struct tokens_one *one)
{
    return json_array_append_new(
        arg, json_pack("{s:s,s:s,s:o,s:s,s:o,s:o}", "token", one->name, "role",
                       role_name(one->role), "made", moment(one->made_ms), "by", one->by, "used",
                       moment(one->used_ms), "until", moment(one->until_ms)));
}

int tokens_list(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    json_t *list = json_array();
    (void)ask;
    int rc = s->store ? each(s->store, add_token, list, err) : 0;
    if (rc == 0)
        *out = json_pack("{s:O}", "tokens", list);
    json_decref(list);
    return rc;
}

static int check_new(struct service *s, const char *name, struct koppel_error *err)
{
    struct wanted w = {.name = name};
    size_t length = strlen(name);
    if (length >= TOKENS_NAME_BYTES ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != length)
        return err_reason(err, KOPPEL_E_REJECTED, "token.name",
                          "a token's name has small letters, digits and . _ -, up to 40");
    if (each(s->store, find_name, &w, err) != 0)
        return -1;
    return *w.id ? err_reason(err, KOPPEL_E_REJECTED, "token.there",
                              "there is a token %s; remove it first", name) : 0;
}

int tokens_add(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    const char *name = ask_text(ask, "token"), *role = ask_text(ask, "role");
    struct tokens_one one = {.made_ms = clock_now_ms()};
    enum service_role parsed = SERVICE_VIEWER;
    unsigned char random[RANDOM_BYTES];
    char text[TEXT_BYTES] = BEGIN;
    int lost = 0;
    if (check_new(s, name, err) != 0 || ask_moment(s, ask, "until", true, &one.until_ms, err) != 0)
        return -1;
    if (strcmp(role, "metrics") != 0 && accounts_role_parse(role, &parsed) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "the role is viewer, operator, admin or metrics, not \"%s\"", role);
    one.role = strcmp(role, "metrics") == 0 ? TOKENS_METRICS : (int)parsed;
    snprintf(one.name, sizeof one.name, "%s", name);
    snprintf(one.by, sizeof one.by, "%s", ask->who->name);
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(text + strlen(BEGIN), TEXT_BYTES - strlen(BEGIN), random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    id_of(text, one.id);
    int rc = save(s->store, &one, 0, &lost, err);
    if (rc == 0)
        *out = json_pack("{s:s,s:s}", "token", name, "secret", text);
    sodium_memzero(random, sizeof random);
    sodium_memzero(text, sizeof text);
    return rc;
}

int tokens_remove(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    struct wanted w = {.name = ask_text(ask, "token")};
    char full[NAME_ROOM];
    int rc = each(s->store, find_name, &w, err);
    if (rc == 0 && !*w.id)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "no token \"%s\"", w.name);
    snprintf(full, sizeof full, PREFIX "%s", w.id);
    if (rc == 0)
        rc = s->store->ops->sealed_drop(s->store, full, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "token", w.name);
    return rc;
}
