/* SPDX-License-Identifier: MIT
 * Hosts that run the real flow code, and the stores that they have. */
#include "world_parts.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "catalogue/catalogue_parse.h"
#include "connection/breaker.h"
#include "flow/deliver.h"
#include "flow/read.h"
#include "koppel/plugin.h"
#include "plugin/plugins.h"
#include "store/store_sqlite.h"

#define LEASE_MS 4900
#define LAG_MS 10000
#define GRAVES 128
#define WORLDS_PER_STORE 300

static char folder[64], path[96], backup_path[96];
static struct secret *key;
static struct store *pool[8];
static int pool_count, world_number;
static bool store_doubts;
static int64_t shifted_ms;

struct world *world_now;
static struct world_host *graves[GRAVES];
static int grave_count;

void world_die(const char *what, const struct koppel_error *err)
{
    fprintf(stderr, "%s: %s\n", what, err ? err->text : "");
    abort();
}

/* ---- the store's file ---- */

static struct store *store_take(void)
{
    struct store_conf conf = {.path = path, .key = key, .lease_ms = LEASE_MS, .shared = true};
    struct koppel_error err = {0};
    struct store *s = NULL;
    if (pool_count > 0)
        return pool[--pool_count];
    if (store_sqlite.open(&conf, STORE_ENGINE, &s, &err) != 0)
        world_die("store", &err);
    return s;
}

static void store_give(struct store *s)
{
    if (pool_count < 8)
        pool[pool_count++] = s;
    else
        s->ops->close(s);
}

static void pool_close(void)
{
    while (pool_count > 0) {
        struct store *s = pool[--pool_count];
        s->ops->close(s);
    }
}

static void unlink_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness", ".bak"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

void world_start(void)
{
    struct koppel_error err = {0};
    char text[SECRET_KEY_BYTES];
    log_set_level(getenv("FLOW_LOG") ? LOG_DEBUG : 0);
    if (secret_start(&err) != 0 || http_start(&err) != 0)
        world_die("start", &err);
    snprintf(folder, sizeof folder, "%s/koppel-flow-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder))
        world_die("no folder", NULL);
    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(backup_path, sizeof backup_path, "%s/store.db.bak", folder);
    memset(text, 'k', sizeof text);
    key = secret_new(text, sizeof text);
}

void world_stop(void)
{
    pool_close();
    world_site_end();
    unlink_store();
    rmdir(folder);
    secret_free(key);
    clock_shift_ms(-shifted_ms);
    shifted_ms = 0;
    http_stop();
}

/* ---- hosts ---- */

static void close_flow(struct world_host *h)
{
    if (h->open)
        flow_done(&h->flow);
    h->open = false;
}

static void open_flow(struct world_host *h)
{
    struct koppel_error err = {0};
    struct world *w = h->world;
    struct world_site *s = world_site_of(w->way, w->batched, w->mood);
    close_flow(h);
    atomic_store(&h->stop, false);
    if (flow_init(&h->flow, &s->flow[h->number], h->from, h->to, &h->base, &h->stop, &err) != 0 ||
        flow_declare(&h->flow, &err) != 0)
        world_die("flow", &err);
    h->open = true;
}

static struct world_host *host_new(struct world *w, int number)
{
    struct world_host *h = calloc(1, sizeof *h);
    struct world_site *s = world_site_of(w->way, w->batched, w->mood);
    h->ops = world_gate_store;
    h->base.ops = &h->ops;
    h->real = store_take();
    h->world = w;
    h->number = number;
    h->from = s->from[number];
    h->to = s->to[number];
    s->flow[number].name = w->flow_name;
    return h;
}

static void host_free(struct world_host *h)
{
    if (!h)
        return;
    close_flow(h);
    if (h->dead)
        h->real->ops->close(h->real);
    else
        store_give(h->real);
    free(h);
}

struct world *world_new(enum world_way way, bool batched, enum world_mood mood)
{
    struct world *w = calloc(1, sizeof *w);
    bool number = way == WAY_MATCH || way == WAY_UPSERT;
    w->way = way;
    w->batched = batched;
    w->mood = mood;
    w->late_ms = WORLD_TIMEOUT_MS - 500;
    w->peer = (struct peer){.by = number ? "number" : "reference",
                            .keyed = way == WAY_KEYED || way == WAY_KEYED_SUM,
                            .upserts = way == WAY_UPSERT,
                            .unique = mood == MOOD_UNIQUE,
                            .conditional = mood == MOOD_CONDITIONAL,
                            .lag_ms = mood == MOOD_LAGS ? LAG_MS : 0};
    /* a store holds so many flows and no more, and one that was restored doubts what is new to
     * it */
    if (++world_number % WORLDS_PER_STORE == 0 || store_doubts) {
        pool_close();
        unlink_store();
        store_doubts = false;
    }
    snprintf(w->flow_name, sizeof w->flow_name, "flow%d", world_number);
    world_now = w;
    for (int i = 0; i < WORLD_HOSTS; i++)
        w->hosts[i] = host_new(w, i);
    w->reader = host_new(w, WORLD_HOSTS);
    return w;
}

void world_set(struct world *w, const char *name, const char *value)
{
    struct world_site *s = world_site_of(w->way, w->batched, w->mood);
    for (int i = 0; i <= WORLD_HOSTS; i++)
        json_object_set_new(s->flow[i].settings, name, json_string(value));
    w->set = true;
}

/* The settings as they were. */
static void unset(const struct world *w)
{
    struct world_site *s = world_site_of(w->way, w->batched, w->mood);
    for (int i = 0; i <= WORLD_HOSTS; i++) {
        json_decref(s->flow[i].settings);
        s->flow[i].settings = world_site_settings(w->way);
    }
}

void world_free(struct world *w)
{
    if (w->set)
        unset(w);
    for (int i = 0; i < WORLD_HOSTS; i++)
        host_free(w->hosts[i]);
    host_free(w->reader);
    while (grave_count > 0)
        host_free(graves[--grave_count]);
    peer_clear(&w->peer);
    world_now = NULL;
    free(w);
}

const char *world_key(const struct world *w, int n, char buf[32])
{
    snprintf(buf, 32, "%.20s-%d", w->flow_name, n % 100);
    return buf;
}

void world_emit(struct world *w, const char *name, int content)
{
    int64_t version = 1;
    for (int i = 0; i < w->version_count; i++)
        version += strcmp(w->versions[i].key, name) == 0;
    if (w->version_count == WORLD_VERSIONS)
        world_die("too many versions", NULL);
    struct world_version *v = &w->versions[w->version_count++];
    *v = (struct world_version){.version = version, .content = content};
    snprintf(v->key, sizeof v->key, "%s", name);
}

void world_read(struct world *w)
{
    struct koppel_error err = {0};
    if (w->read_count == w->version_count)
        return;
    open_flow(w->reader);
    if (read_up(&w->reader->flow, &err) != 0)
        world_die("reading", &err);
    w->read_count = w->version_count;
}

void world_deliver(struct world *w, int host)
{
    struct world_host *h = w->hosts[host];
    open_flow(h);
    deliver_partitions(&h->flow, NULL);
    close_flow(h);
}

void world_restart(struct world *w, int host)
{
    if (grave_count == GRAVES)
        world_die("too many dead", NULL);
    w->hosts[host]->dead = true;
    close_flow(w->hosts[host]);
    graves[grave_count++] = w->hosts[host];
    w->hosts[host] = host_new(w, host);
}

void world_pass(struct world *w, int64_t ms, int paused)
{
    struct koppel_error err = {0};
    while (ms > 0) {
        int64_t step = ms < LEASE_MS / 2 ? ms : LEASE_MS / 2;
        clock_shift_ms(step);
        shifted_ms += step;
        ms -= step;
        for (int i = 0; i < WORLD_HOSTS; i++) {
            struct world_host *h = w->hosts[i];
            if (!h->dead && i != paused && h->real->ops->beat(h->real, &err) != 0)
                world_die("beat", &err);
        }
        peer_tick(&w->peer);
    }
}

static bool is_open(struct world *w)
{
    struct store_counts c;
    struct koppel_error err = {0};
    struct store *s = w->reader->real;
    if (s->ops->counts(s, w->flow_name, &c, &err) != 0)
        world_die("counts", &err);
    return c.pending > 0 || c.waiting > 0;
}

bool world_drain(struct world *w)
{
    w->gate = NULL;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < WORLD_HOSTS; i++) {
            if (w->hosts[i]->dead)
                world_restart(w, i);
        }
        world_read(w);
        world_deliver(w, 0);
        if (!is_open(w)) {
            world_pass(w, 2 * WORLD_TIMEOUT_MS, -1); /* what is late is applied now */
            world_deliver(w, 0);
            return !is_open(w);
        }
        world_pass(w, round < 30 ? 700 : 30000, -1);
    }
    return false;
}

struct picked {
    const char *flow;
    struct job_id ids[64];
    int count;
};

static int take_id(void *arg, const struct store_pick *p)
{
    struct picked *all = arg;
    if (all->count < (int)(sizeof all->ids / sizeof all->ids[0]))
        all->ids[all->count++] = (struct job_id){all->flow, p->id.part, p->id.off};
    return 0;
}

void world_retry(struct world *w)
{
    static const enum job_state states[] = {JOB_PARKED, JOB_WAITING};
    struct koppel_error err = {0};
    struct picked all = {.flow = w->flow_name};
    struct store *s = w->reader->real;
    int count;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct store_job_filter f = {.flow = w->flow_name, .state = (int)states[i]};
        if (s->ops->pick(s, &f, take_id, &all, &err) != 0)
            world_die("pick", &err);
    }
    if (s->ops->retry(s, all.ids, all.count, true, &count, &err) != 0)
        world_die("retry", &err);
}

/* ---- a store that is lost ---- */

static void copy_db(const char *from, const char *to)
{
    sqlite3 *db;
    char sql[256];
    unlink(to);
    snprintf(sql, sizeof sql, "VACUUM INTO '%s'", to);
    if (sqlite3_open(from, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        world_die(sqlite3_errmsg(db), NULL);
    sqlite3_close(db);
}

void world_backup(struct world *w)
{
    (void)w;
    copy_db(path, backup_path);
}

void world_restore(struct world *w)
{
    struct koppel_error err = {0};
    struct store_conf conf = {.path = path, .key = key, .lease_ms = LEASE_MS};
    struct store *s = NULL;
    char name[128];
    for (int i = 0; i < WORLD_HOSTS; i++) {
        w->hosts[i]->dead = true;
        host_free(w->hosts[i]);
    }
    w->reader->dead = true;
    host_free(w->reader);
    while (grave_count > 0)
        host_free(graves[--grave_count]);
    pool_close();
    snprintf(name, sizeof name, "%s.bak", path);
    char kept[128];
    snprintf(kept, sizeof kept, "%s/kept", folder);
    rename(name, kept);
    unlink_store();
    rename(kept, path);
    /* an engine of its own finds the witness of another store beside it */
    snprintf(name, sizeof name, "%s.witness", path);
    FILE *f = fopen(name, "w");
    if (!f || fprintf(f, "%032d %019d\n", 7, 1000000) < 0 || fclose(f) != 0)
        world_die("witness", NULL);
    if (store_sqlite.open(&conf, STORE_ENGINE, &s, &err) != 0)
        world_die("restored store", &err);
    s->ops->close(s);
    store_doubts = true;
    w->read_count = -1;
    for (int i = 0; i < WORLD_HOSTS; i++)
        w->hosts[i] = host_new(w, i);
    w->reader = host_new(w, WORLD_HOSTS);
}
