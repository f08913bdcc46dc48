/* SPDX-License-Identifier: MIT
 * A connector and a transform that live in the test program: each test gives them a body, and sees
 * the border as a plugin does. */
#ifndef KOPPEL_TESTS_INSIDE_H
#define KOPPEL_TESTS_INSIDE_H

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "catalogue/catalogue_parse.h"
#include "connection/connection_choices.h"
#include "connection/connection_describe.h"
#include "connection/connection_fetch.h"
#include "connection/connection_find.h"
#include "connection/connection_probe.h"
#include "connection/connection_read.h"
#include "connection/connection_receive.h"
#include "connection/connection_subscribe.h"
#include "connection/connection_verify.h"
#include "connection/connection_write.h"
#include "connection/host.h"
#include "store/store_memory.h"

#undef fail /* Check has a macro of this name; the host table has a member */

static const char inside_catalogue[] =
    "{\"title\":\"Inside\",\"settings\":[{\"name\":\"url\"},{\"name\":\"size\",\"type\":"
    "\"integer\"},"
    "{\"name\":\"password\",\"secret\":true}],\"choices\":[\"sizes\"],"
    "\"entities\":[{\"name\":\"thing\",\"key\":\"id\",\"can\":[\"read\",\"find\",\"create\","
    "\"update\",\"fetch\",\"receive\",\"describe\"],\"lag\":\"2s\","
    "\"repeat\":\"lookup\",\"batch\":{\"read\":50,\"find\":2,\"write\":3,\"fetch\":2},"
    "\"find\":[\"id\"],\"fields\":[{\"name\":\"id\"},{\"name\":\"name\"}]},"
    "{\"name\":\"leaf\",\"key\":\"id\",\"can\":[\"read\"],\"changes\":\"snapshot\",\"pages\":"
    "\"numbered\"},"
    "{\"name\":\"log\",\"key\":\"id\",\"can\":[\"create\",\"remove\"],\"repeat\":\"never\"}]}";
static const char transform_text[] =
    "{\"title\":\"Words\",\"functions\":[{\"name\":\"say\"},"
    "{\"name\":\"only_large\",\"of\":\"record\",\"args\":[{\"name\":\"least\","
    "\"type\":\"integer\",\"required\":true}]}]}";

/* ---- the plugin ---- */

struct instance_state {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    atomic_int active;
};

static struct {
    atomic_int opened, closed, active, most_active, calls, doubly_used;
    atomic_int fail_opens; /* so many more of them fail */
} seen;

/* What the test wants done in the call; each may be NULL. */
static struct {
    int (*probe)(struct instance_state *s, struct koppel_list *facts, struct koppel_error *err);
    int (*read)(struct instance_state *s, const struct koppel_read_request *r,
                struct koppel_batch *out, struct koppel_error *err);
    int (*find)(struct instance_state *s, const struct koppel_find_request *r,
                struct koppel_results *out, struct koppel_error *err);
    int (*write)(struct instance_state *s, const struct koppel_write_request *r,
                 struct koppel_results *out, struct koppel_error *err);
    int (*fetch)(struct instance_state *s, const struct koppel_fetch_request *r,
                 struct koppel_batch *out, struct koppel_error *err);
    int (*describe)(struct instance_state *s, const char *entity, json_t **out,
                    struct koppel_error *err);
    int (*receive)(struct instance_state *s, const struct koppel_receive_request *r,
                   struct koppel_batch *out, struct koppel_error *err);
    int (*subscribe)(struct instance_state *s, const struct koppel_subscription *r,
                     struct koppel_results *out, struct koppel_error *err);
    int (*unsubscribe)(struct instance_state *s, const struct koppel_subscription *r,
                       struct koppel_error *err);
    int (*record)(const struct koppel_host *host, struct koppel_context *ctx, json_t *record,
                  json_t *args, json_t **out, struct koppel_error *err);
    int (*convert)(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                   json_t **out, struct koppel_error *err);
} inside_body;

static inline int in_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                   struct koppel_error *err)
{
    struct instance_state *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    s->host = host;
    s->ctx = ctx;
    *self = s;
    atomic_fetch_add(&seen.opened, 1);
    if (atomic_fetch_sub(&seen.fail_opens, 1) > 0) {
        host->fail(err, KOPPEL_E_CONFIG, "no such place");
        return host->reason(err, "place.missing");
    }
    return 0;
}

static inline void in_close(void *self)
{
    if (self)
        atomic_fetch_add(&seen.closed, 1);
    free(self);
}

static inline void begin(struct instance_state *s)
{
    int now = atomic_fetch_add(&seen.active, 1) + 1, most = atomic_load(&seen.most_active);
    while (now > most && !atomic_compare_exchange_weak(&seen.most_active, &most, now))
        ;
    if (atomic_fetch_add(&s->active, 1) > 0)
        atomic_fetch_add(&seen.doubly_used, 1);
    atomic_fetch_add(&seen.calls, 1);
}

static inline int end(struct instance_state *s, int rc)
{
    atomic_fetch_sub(&s->active, 1);
    atomic_fetch_sub(&seen.active, 1);
    return rc;
}

static inline int in_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct instance_state *s = self;
    begin(s);
    if (inside_body.probe)
        return end(s, inside_body.probe(s, facts, err));
    return end(s, s->host->row(facts, "version", "1", err));
}

static inline int in_read(void *self, const struct koppel_read_request *r, struct koppel_batch *out,
                   struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.read(self, r, out, err));
}

static inline int in_find(void *self, const struct koppel_find_request *r,
                          struct koppel_results *out, struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.find(self, r, out, err));
}

static inline int in_write(void *self, const struct koppel_write_request *r,
                           struct koppel_results *out, struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.write(self, r, out, err));
}

static inline int in_choices(void *self, const char *list, struct koppel_list *out,
                      struct koppel_error *err)
{
    struct instance_state *s = self;
    ck_assert_str_eq(list, "sizes");
    return s->host->row(out, "L", NULL, err);
}

static inline int in_verify(void *self, const char *entity, struct koppel_list *out,
                     struct koppel_error *err)
{
    struct instance_state *s = self;
    return s->host->row(out, "id", entity, err);
}

static inline int in_convert(const struct koppel_host *host, struct koppel_context *ctx,
                             uint32_t function, json_t *value, json_t *args, json_t **out,
                             struct koppel_error *err)
{
    (void)args;
    ck_assert_uint_eq(function, 0);
    return inside_body.convert(host, ctx, value, out, err);
}

static inline int in_fetch(void *self, const struct koppel_fetch_request *r,
                           struct koppel_batch *out, struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.fetch(self, r, out, err));
}

static inline int in_describe(void *self, const char *entity, json_t **out,
                              struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.describe(self, entity, out, err));
}

static inline int in_receive(void *self, const struct koppel_receive_request *r,
                             struct koppel_batch *out, struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.receive(self, r, out, err));
}

static inline int in_subscribe(void *self, const struct koppel_subscription *r,
                               struct koppel_results *out, struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.subscribe(self, r, out, err));
}

static inline int in_unsubscribe(void *self, const struct koppel_subscription *r,
                                 struct koppel_error *err)
{
    begin(self);
    return end(self, inside_body.unsubscribe(self, r, err));
}

static inline int in_record(const struct koppel_host *host, struct koppel_context *ctx,
                            uint32_t function, json_t *record, json_t *args, json_t **out,
                            struct koppel_error *err)
{
    ck_assert_uint_eq(function, 1);
    return inside_body.record(host, ctx, record, args, out, err);
}

/* ---- the connection ---- */

static struct plugin inside, words;
static struct conf_setting settings[3];
static struct conf_connection conf;
static struct connection *connection;
static struct store *store;
static struct koppel_error err;

static inline void setup(void)
{
    memset(&seen, 0, sizeof seen);
    memset(&inside_body, 0, sizeof inside_body);
    memset(&err, 0, sizeof err);
    inside = (struct plugin){.path = (char *)"/inside.so"};
    inside.entry.kind = KOPPEL_KIND_CONNECTOR;
    inside.entry.name = "inside";
    inside.catalogue = catalogue_parse(inside_catalogue, &err);
    ck_assert_msg(inside.catalogue != NULL, "%s", err.text);
    inside.connector = (struct koppel_connector){
        .open = in_open, .close = in_close, .probe = in_probe, .read = in_read, .find = in_find,
        .write = in_write, .choices = in_choices, .verify = in_verify, .fetch = in_fetch,
        .describe = in_describe, .receive = in_receive, .subscribe = in_subscribe,
        .unsubscribe = in_unsubscribe};
    words = (struct plugin){.path = (char *)"/words.so"};
    words.entry.kind = KOPPEL_KIND_TRANSFORM;
    words.entry.name = "words";
    words.catalogue = catalogue_parse(transform_text, &err);
    ck_assert_msg(words.catalogue != NULL, "%s", err.text);
    words.transform.convert = in_convert;
    words.transform.record = in_record;
    settings[0] = (struct conf_setting){.name = "url", .text = "https://peer.example"};
    settings[1] = (struct conf_setting){.name = "size", .text = "12", .number = 12};
    settings[2] =
        (struct conf_setting){.name = "password", .secret = secret_new("open sesame", 11)};
    conf = (struct conf_connection){
        .name = "shop", .plugin = &inside, .catalogue = inside.catalogue, .settings = settings,
        .setting_count = 3, .concurrency = 2, .connect_timeout_ms = 2000, .timeout_ms = 2000,
        .quiet_ms = 300, .lag_ms = -1,
        .limit_bytes = 1 << 20, .tls_min = 12};
    ck_assert_int_eq(http_start(&err), 0);
    ck_assert_int_eq(store_memory.open(&(struct store_conf){0}, STORE_ENGINE, &store, &err), 0);
}

static inline void start(void)
{
    connection = connection_new(&conf, store, &err);
    ck_assert_msg(connection != NULL, "%s", err.text);
}

static inline void teardown(void)
{
    connection_free(connection);
    connection = NULL;
    ck_assert_int_eq(atomic_load(&seen.opened), atomic_load(&seen.closed));
    store->ops->close(store);
    secret_free(settings[2].secret);
    catalogue_free(inside.catalogue);
    catalogue_free(words.catalogue);
    if (inside.turn)
        pthread_mutex_destroy(inside.turn);
    inside.turn = NULL;
    http_stop();
    clock_fix(0);
}

#endif
