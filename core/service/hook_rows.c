/* SPDX-License-Identifier: MIT
 * Addresses at which other systems tell of changes. */
#include "service/hook_rows.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "connection/able.h"
#include "connection/connection_subscribe.h"
#include "service/ask.h"
#include "service/claims.h"
#include "store/store_sealed.h"

#define PREFIX "hook/"
#define NAME_BYTES 250

static atomic_uint changes;

unsigned hook_rows_changes(void)
{
    return atomic_load(&changes);
}

static int name_of(const char *connection, const char *entity, char out[NAME_BYTES],
                   struct koppel_error *err)
{
    if (snprintf(out, NAME_BYTES, PREFIX "%s/%s", connection, entity) < NAME_BYTES)
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "no such connection or entity");
}

static int load(struct store *s, const char *name, struct hook_rows_one *out, bool *found,
                struct koppel_error *err)
{
    json_t *facts;
    *out = (struct hook_rows_one){0};
    *found = false;
    if (store_sealed_get(s, name, &facts, NULL, err) != 0)
        return -1;
    store_sealed_text(facts, "secret", out->secret, sizeof out->secret);
    store_sealed_text(facts, "id", out->id, sizeof out->id);
    out->made_ms = json_integer_value(json_object_get(facts, "made"));
    *found = *out->secret != '\0';
    json_decref(facts);
    return 0;
}

static int save(struct store *s, const char *name, const struct hook_rows_one *one,
                struct koppel_error *err)
{
    json_t *facts = json_pack("{s:s,s:o,s:I}", "secret", one->secret, "id",
                              ask_json_text(one->id), "made", (json_int_t)one->made_ms);
    return store_sealed_put(s, name, facts, -1, NULL, err);
}

int hook_rows_find(struct store *s, const char *connection, const char *entity,
                   struct hook_rows_one *out, bool *found, struct koppel_error *err)
{
    char name[NAME_BYTES];
    struct koppel_error ignored = {0};
    *found = false;
    if (name_of(connection, entity, name, &ignored) != 0)
        return 0;
    return load(s, name, out, found, err);
}

/* ---- list ---- */

struct listing {
    struct service *s;
    json_t *hooks;
    const char *address; /* NULL: not known */
    struct koppel_error *err;
};

static int add_hook(void *arg, const char *name)
{
    return json_array_append_new(arg, json_string_nocheck(name + strlen(PREFIX)));
}

static json_t *url_of(const char *address, const char *connection, const char *entity)
{
    return address ? json_sprintf("%s/hooks/%s/%s", address, connection, entity) : json_null();
}

static int add_row(struct listing *l, const char *path)
{
    char name[NAME_BYTES], connection[NAME_BYTES], at[CLOCK_TEXT_BYTES];
    struct hook_rows_one one;
    const char *slash = strchr(path, '/');
    bool found;
    snprintf(name, sizeof name, PREFIX "%s", path);
    snprintf(connection, sizeof connection, "%.*s", (int)(slash - path), path);
    if (load(l->s->store, name, &one, &found, l->err) != 0)
        return -1;
    clock_format(one.made_ms, at);
    if (found)
        (void)json_array_append_new(
            l->hooks, json_pack("{s:s,s:s,s:o,s:s,s:b}", "connection", connection, "entity",
                                slash + 1, "url", url_of(l->address, connection, slash + 1),
                                "made", at, "subscribed", *one.id != '\0'));
    sodium_memzero(&one, sizeof one);
    return 0;
}

int hook_rows_list(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct koppel_error ignored = {0};
    char *address = s->store ? claims_address(s, &ignored) : NULL;
    struct listing l = {s, json_array(), address, err};
    json_t *names = json_array(), *name;
    size_t i;
    (void)ask;
    int rc = s->store ? s->store->ops->sealed_names(s->store, PREFIX, add_hook, names, err) : 0;
    json_array_foreach(names, i, name) {
        if (rc == 0)
            rc = add_row(&l, json_string_value(name));
    }
    if (rc == 0)
        *out = json_pack("{s:O}", "hooks", l.hooks);
    json_decref(names);
    json_decref(l.hooks);
    free(address);
    return rc;
}

/* ---- orders ---- */

/* Asks the system to send there. */
static int subscribe(struct connection *c, const char *entity, const char *url,
                     struct hook_rows_one *one, struct koppel_error *err)
{
    struct koppel_subscription what = {.struct_size = sizeof what, .entity = entity, .url = url,
                                       .secret = one->secret};
    char *id = NULL;
    int rc = connection_subscribe(c, &what, &id, err);
    if (rc == 0 && (!id || strlen(id) >= sizeof one->id))
        rc = err_set(err, KOPPEL_E_BUG, "%s calls the subscription something that cannot be kept",
                     connection_conf(c)->name);
    if (rc == 0)
        snprintf(one->id, sizeof one->id, "%s", id);
    free(id);
    return rc;
}

int hook_rows_make(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    const char *connection = ask_text(ask, "connection"), *entity = ask_text(ask, "entity");
    const struct conf_connection *conf = ask_connection(s, connection, err);
    struct hook_rows_one one = {.made_ms = clock_now_ms()};
    unsigned char random[(HOOK_ROWS_SECRET_BYTES - 1) / 2];
    char name[NAME_BYTES], url[1024];
    if (!conf || name_of(connection, entity, name, err) != 0)
        return -1;
    struct connection *c = engine_connection(s->engine, conf);
    char *address = c && able_entity(c, entity, CAN_RECEIVE, "receive", err)
                        ? claims_address(s, err) : NULL;
    if (!address)
        return -1;
    snprintf(url, sizeof url, "%s/hooks/%s/%s", address, connection, entity);
    free(address);
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(one.secret, sizeof one.secret, random, sizeof random);
    /* before the peer knows it: what it sends at once is checked with it */
    int rc = save(s->store, name, &one, err);
    atomic_fetch_add(&changes, 1);
    if (rc == 0 && ask_flag(ask, "subscribe")) {
        rc = subscribe(c, entity, url, &one, err);
        if (rc == 0)
            rc = save(s->store, name, &one, err);
        atomic_fetch_add(&changes, 1);
    }
    if (rc == 0)
        *out = json_pack("{s:s,s:s,s:s,s:s,s:b}", "connection", connection, "entity", entity,
                         "url", url, "secret", one.secret, "subscribed", *one.id != '\0');
    sodium_memzero(&one, sizeof one);
    sodium_memzero(random, sizeof random);
    return rc;
}

int hook_rows_remove(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    const char *connection = ask_text(ask, "connection"), *entity = ask_text(ask, "entity");
    const struct conf_connection *conf = ask_connection(s, connection, err);
    struct hook_rows_one one;
    char name[NAME_BYTES];
    bool found;
    if (!conf || name_of(connection, entity, name, err) != 0 ||
        load(s->store, name, &one, &found, err) != 0)
        return -1;
    if (!found)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "%s has no address for %s",
                          connection, entity);
    int rc = 0;
    if (*one.id) {
        struct koppel_subscription what = {.struct_size = sizeof what, .entity = entity,
                                           .secret = one.secret, .id = one.id};
        rc = connection_subscribe_end(engine_connection(s->engine, conf), &what, err);
    }
    if (rc == 0)
        rc = s->store->ops->sealed_drop(s->store, name, err);
    atomic_fetch_add(&changes, 1);
    if (rc == 0)
        *out = json_pack("{s:s,s:s}", "connection", connection, "entity", entity);
    sodium_memzero(&one, sizeof one);
    return rc;
}
