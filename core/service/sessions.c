/* SPDX-License-Identifier: MIT
 * Log-ins of browsers, as they are kept. */
#include "service/sessions.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/store_sealed.h"

#define PREFIX "session/"
#define NAME_ROOM (sizeof PREFIX + SESSIONS_ID_BYTES)
#define RANDOM_BYTES 32
#define IDLE_MS (2 * 60 * 60 * INT64_C(1000))
#define LIFE_MS (12 * 60 * 60 * INT64_C(1000))
#define REMEMBERED_MS (30 * 24 * 60 * 60 * INT64_C(1000))
#define SEEN_MS (60 * 1000) /* how exactly it is known when one was seen */
#define MOST 30             /* of one user */

/* ---- names and digests ---- */

static void encode(const unsigned char bytes[RANDOM_BYTES], char out[SESSIONS_TOKEN_BYTES])
{
    sodium_bin2base64(out, SESSIONS_TOKEN_BYTES, bytes, RANDOM_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void id_of(const char *token, char out[SESSIONS_ID_BYTES])
{
    unsigned char digest[(SESSIONS_ID_BYTES - 1) / 2];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token, strlen(token), NULL, 0);
    sodium_bin2hex(out, SESSIONS_ID_BYTES, digest, sizeof digest);
}

void sessions_csrf(const char *token, char out[SESSIONS_TOKEN_BYTES])
{
    static const unsigned char purpose[] = "X-Koppel-CSRF";
    unsigned char digest[RANDOM_BYTES];
    crypto_generichash(digest, sizeof digest, purpose, sizeof purpose, (const unsigned char *)token,
                       strlen(token));
    encode(digest, out);
}

static bool is_over(const struct sessions_one *one, int64_t now)
{
    int64_t idle = one->remembered ? REMEMBERED_MS : IDLE_MS;
    int64_t life = one->remembered ? REMEMBERED_MS : LIFE_MS;
    return now - one->seen_ms > idle || now - one->made_ms > life;
}

/* ---- as text ---- */

static void read_one(struct sessions_one *one, const json_t *facts)
{
    store_sealed_text(facts, "user", one->user, sizeof one->user);
    store_sealed_text(facts, "agent", one->agent, sizeof one->agent);
    store_sealed_text(facts, "address", one->address, sizeof one->address);
    one->remembered = json_is_true(json_object_get(facts, "remembered"));
    one->made_ms = json_integer_value(json_object_get(facts, "made"));
    one->seen_ms = json_integer_value(json_object_get(facts, "seen"));
    one->proved_ms = json_integer_value(json_object_get(facts, "proved"));
}

static int load(struct store *s, const char *id, struct sessions_one *out, int64_t *rev,
                bool *found, struct koppel_error *err)
{
    char full[NAME_ROOM];
    json_t *facts;
    *out = (struct sessions_one){0};
    *found = false;
    snprintf(full, sizeof full, PREFIX "%s", id);
    if (store_sealed_get(s, full, &facts, rev, err) != 0)
        return -1;
    if (!facts)
        return 0;
    snprintf(out->id, sizeof out->id, "%s", id);
    read_one(out, facts);
    json_decref(facts);
    *found = true;
    return 0;
}

/* rev: that of what it takes the place of. *lost: it was ended or changed meanwhile. */
static int save(struct store *s, const struct sessions_one *one, int64_t rev, int *lost,
                struct koppel_error *err)
{
    char full[NAME_ROOM];
    json_t *facts = json_pack("{s:s,s:o,s:s,s:b,s:I,s:I,s:I}", "user", one->user, "agent",
                              json_string_nocheck(one->agent), "address", one->address,
                              "remembered", one->remembered, "made", (json_int_t)one->made_ms,
                              "seen", (json_int_t)one->seen_ms, "proved",
                              (json_int_t)one->proved_ms);
    snprintf(full, sizeof full, PREFIX "%s", one->id);
    return store_sealed_put(s, full, facts, rev, lost, err);
}

/* ---- */

struct oldest {
    const char *user;
    int count;
    struct sessions_one one;
};

static int find_oldest(void *arg, const struct sessions_one *one)
{
    struct oldest *o = arg;
    if (strcmp(one->user, o->user) != 0)
        return 0;
    if (o->count++ == 0 || one->seen_ms < o->one.seen_ms)
        o->one = *one;
    return 0;
}

int sessions_begin(struct store *s, struct sessions_one *one, char token[SESSIONS_TOKEN_BYTES],
                   struct koppel_error *err)
{
    unsigned char bytes[RANDOM_BYTES];
    struct oldest o = {.user = one->user};
    int lost;
    if (sessions_each(s, find_oldest, &o, err) != 0 ||
        (o.count >= MOST && sessions_end(s, o.one.id, err) != 0))
        return -1;
    randombytes_buf(bytes, sizeof bytes);
    encode(bytes, token);
    sodium_memzero(bytes, sizeof bytes);
    id_of(token, one->id);
    one->made_ms = one->seen_ms = one->proved_ms = clock_now_ms();
    return save(s, one, 0, &lost, err);
}

int sessions_find(struct store *s, const char *token, struct sessions_one *out, bool *found,
                  struct koppel_error *err)
{
    char id[SESSIONS_ID_BYTES];
    int64_t rev, now = clock_now_ms();
    int lost = 0;
    id_of(token, id);
    if (load(s, id, out, &rev, found, err) != 0 || !*found)
        return *found ? -1 : 0;
    if (is_over(out, now)) {
        *found = false;
        return sessions_end(s, id, err);
    }
    if (now - out->seen_ms < SEEN_MS)
        return 0;
    out->seen_ms = now;
    /* where another request noted it, that is as good; where it was ended, the next one knows; and
     * a store that is full is mended by who is logged in */
    struct koppel_error ignored = {0};
    (void)save(s, out, rev, &lost, &ignored);
    return 0;
}

int sessions_prove(struct store *s, struct sessions_one *one, struct koppel_error *err)
{
    struct sessions_one now;
    int64_t rev;
    bool found;
    int lost = 0;
    if (load(s, one->id, &now, &rev, &found, err) != 0)
        return -1;
    now.proved_ms = one->proved_ms = clock_now_ms();
    if (found && save(s, &now, rev, &lost, err) != 0)
        return -1;
    return found && !lost ? 0 : err_set(err, KOPPEL_E_RETRY, "the session has changed; try again");
}

int sessions_end(struct store *s, const char *id, struct koppel_error *err)
{
    char full[NAME_ROOM];
    snprintf(full, sizeof full, PREFIX "%.*s", SESSIONS_ID_BYTES - 1, id);
    return s->ops->sealed_drop(s, full, err);
}

struct ended {
    struct store *store;
    const char *user, *but;
    struct koppel_error *err;
};

static int end_one(void *arg, const struct sessions_one *one)
{
    struct ended *e = arg;
    if (strcmp(one->user, e->user) != 0 || (e->but && strcmp(one->id, e->but) == 0))
        return 0;
    return sessions_end(e->store, one->id, e->err);
}

int sessions_end_all(struct store *s, const char *user, const char *but, struct koppel_error *err)
{
    struct ended e = {s, user, but, err};
    return sessions_each(s, end_one, &e, err);
}

int sessions_each(struct store *s, int (*visit)(void *arg, const struct sessions_one *one),
                  void *arg, struct koppel_error *err)
{
    json_t *names = store_sealed_names(s, PREFIX, err), *name;
    size_t i;
    int rc = names ? 0 : -1;
    json_array_foreach(names, i, name) {
        struct sessions_one one;
        int64_t rev;
        bool found = false;
        if (rc == 0)
            rc = load(s, json_string_value(name), &one, &rev, &found, err);
        if (rc == 0 && found)
            rc = is_over(&one, clock_now_ms()) ? sessions_end(s, one.id, err) : visit(arg, &one);
    }
    json_decref(names);
    return rc;
}
