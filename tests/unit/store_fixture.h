/* SPDX-License-Identifier: MIT
 * What the store's tests share: a store of each kind, and short forms of its moves. Every test of a
 * loop runs on all kinds (_i): a file, memory, and PostgreSQL where it is installed. */
#ifndef KOPPEL_TESTS_STORE_FIXTURE_H
#define KOPPEL_TESTS_STORE_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store_memory.h"
#include "store/store_postgres.h"
#include "store/store_sqlite.h"

#define KINDS_MAX 3
#define KINDS kind_count
#define POSTGRES 2 /* its place in kinds */
#define LEASE_MS 15000

static const struct store_ops *const kinds[KINDS_MAX] = {&store_sqlite, &store_memory,
                                                         &store_postgres};
static int kind_count = POSTGRES;
static char server[64], connection[160]; /* folder and conninfo of PostgreSQL */
static bool made_anew;                   /* its schema, for this test */
static char folder[64], path[96];
static struct secret *key;
static struct store *st;
static struct koppel_error err;
static int64_t shifted;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static inline void shift(int64_t ms)
{
    clock_shift_ms(ms);
    shifted += ms;
}

static inline struct secret *make_key(char fill)
{
    char text[SECRET_KEY_BYTES];
    memset(text, fill, sizeof text);
    return secret_new(text, sizeof text);
}

static inline void setup(void)
{
    ck_assert_int_eq(secret_start(&err), 0);
    snprintf(folder, sizeof folder, "/tmp/koppel-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/store.db", folder);
    key = make_key('k');
    made_anew = false;
}

static inline void close_store(void)
{
    if (st)
        st->ops->close(st);
    st = NULL;
}

static inline void unlink_beside(const char *end)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, end);
    unlink(name);
}

static inline void teardown(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness", ".copy",
                                       ".backup"};
    close_store();
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        unlink_beside(ends[i]);
    rmdir(folder);
    secret_free(key);
    clock_shift_ms(-shifted);
    shifted = 0;
}

static inline struct store_conf conf_of(bool shared)
{
    return (struct store_conf){
        .path = path, .connection = connection, .key = key, .shared = shared};
}

/* The answer of the server's own client. */
static inline void psql(const char *sql)
{
    char command[512];
    snprintf(command, sizeof command, "psql -qX -d '%s' -c '%s' >/dev/null 2>&1", connection, sql);
    ck_assert_int_eq(system(command), 0);
}

/* shared: leases are renewed by beat() alone, so that a test has the clock in its hand. */
static inline struct store *open_store(int kind, bool shared)
{
    struct store *s = NULL;
    struct store_conf conf = conf_of(shared);
    if (kind == POSTGRES && !made_anew) {
        psql("DROP SCHEMA IF EXISTS koppel CASCADE");
        made_anew = true;
    }
    OK(kinds[kind]->open(&conf, STORE_ENGINE, &s, &err));
    return s;
}

static inline void start(int kind, int parts)
{
    st = open_store(kind, true);
    OK(st->ops->flow_declare(st, "orders", parts, &err));
}

static inline struct store_reader begin(struct store *s)
{
    struct store_reader r;
    int none = 1;
    OK(s->ops->read_begin(s, "orders", &r, &none, &err));
    ck_assert_int_eq(none, 0);
    return r;
}

static inline int append_to(struct store *s, struct store_reader *r, const char *k, int64_t version,
                            const char *payload, const char *cursor, const char *digest)
{
    struct store_record record = {k, version, payload, strlen(payload), digest, digest != NULL};
    int added = -1, lost = 0;
    OK(s->ops->append(s, r, &record, 1, cursor, &added, &lost, &err));
    return lost ? -1 : added;
}

/* A record that is read now. */
static inline void add(const char *k, int64_t version, const char *payload)
{
    struct store_reader r = begin(st);
    ck_assert_int_eq(append_to(st, &r, k, version, payload, NULL, NULL), 1);
    st->ops->read_end(st, &r, false);
}

static const char *const orders[] = {"orders"};

static inline int lease_of(struct store *s, struct store_lease *out)
{
    int count = 0;
    OK(s->ops->lease(s, orders, 1, 1, out, &count, &err));
    return count;
}

static inline struct store_lease take(struct store *s)
{
    struct store_lease l;
    ck_assert_int_eq(lease_of(s, &l), 1);
    return l;
}

static inline int settle_one(struct store *s, struct store_lease *l, int64_t cursor,
                             const struct store_outcome *o)
{
    int lost = 0;
    OK(s->ops->settle(s, l, cursor, o, 1, &lost, &err));
    return lost;
}

static inline int end_as(struct store_lease *l, int64_t off, const char *k, enum job_state state,
                         const char *reason, int64_t retry_in_ms, int64_t cursor)
{
    struct store_outcome o = {.off = off, .key = k, .state = state, .reason = reason,
                              .retry_in_ms = retry_in_ms, .counts = true};
    return settle_one(st, l, cursor, &o);
}

static inline struct store_counts count(void)
{
    struct store_counts c;
    OK(st->ops->counts(st, "orders", &c, &err));
    return c;
}

static inline struct store_batch read_log(struct store_lease *l, int limit)
{
    struct store_batch b;
    OK(st->ops->read(st, l, limit, 1 << 20, &b, &err));
    return b;
}

static inline struct store_batch read_due(struct store_lease *l)
{
    struct store_batch b;
    OK(st->ops->read_aside(st, l, 100, 1 << 20, &b, &err));
    return b;
}

static inline struct store_job_row row_of(int64_t off)
{
    struct store_job_row r = {0};
    int found = 0;
    OK(st->ops->job(st, (struct job_id){"orders", 0, off}, &r, NULL, &found, &err));
    ck_assert_int_eq(found, 1);
    return r;
}

static inline void expect_job(int64_t off, enum job_state state, const char *reason, int attempt)
{
    struct store_job_row r = row_of(off);
    ck_assert_int_eq(r.state, state);
    ck_assert_str_eq(r.reason, reason);
    ck_assert_int_eq(r.attempt, attempt);
    store_job_row_done(&r);
}

struct picked {
    struct job_id ids[32];
    int count;
};

static inline int take_id(void *arg, const struct store_pick *p)
{
    struct picked *all = arg;
    ck_assert_str_eq(p->id.flow, "orders");
    all->ids[all->count++] = (struct job_id){"orders", p->id.part, p->id.off};
    return 0;
}

/* Everything of the flow that is parked or waits becomes due; how many. */
static inline int retry_all(void)
{
    static const enum job_state states[] = {JOB_PARKED, JOB_WAITING};
    struct picked all = {.count = 0};
    int n = -1;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct store_job_filter f = {.flow = "orders", .state = (int)states[i]};
        OK(st->ops->pick(st, &f, take_id, &all, &err));
    }
    OK(st->ops->retry(st, all.ids, all.count, true, &n, &err));
    return n;
}

static inline int64_t due_in(void)
{
    int64_t in = 0;
    OK(st->ops->next_due(st, orders, 1, &in, &err));
    return in;
}

#define NOT_INSTALLED 77 /* how postgres.sh ends where there is nothing to start */

/* A server of its own, for this program. False where it does not start, which is no reason to leave
 * its tests out: it only is where there is none. */
static inline bool start_server(void)
{
    const char *src = getenv("srcdir");
    char command[256];
    snprintf(server, sizeof server, "/tmp/koppel-postgres-XXXXXX");
    if (!mkdtemp(server)) {
        perror(server);
        return false;
    }
    snprintf(command, sizeof command, "sh '%s/tests/unit/postgres.sh' start '%s'", src ? src : ".",
             server);
    FILE *said = popen(command, "r");
    bool told = said && fgets(connection, sizeof connection, said);
    int status = said ? pclose(said) : -1;
    connection[strcspn(connection, "\n")] = '\0';
    if (told && status == 0) {
        kind_count = KINDS_MAX;
        return true;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_INSTALLED) {
        printf("skipped postgresql: it is not installed\n");
        return true;
    }
    printf("PostgreSQL does not start, status %d\n", status);
    return false;
}

static inline void stop_server(void)
{
    const char *src = getenv("srcdir");
    char command[256];
    snprintf(command, sizeof command, "sh '%s/tests/unit/postgres.sh' stop '%s'", src ? src : ".",
             server);
    if (system(command) != 0)
        printf("the server does not stop\n");
}

/* Runs the tests of one program. */
static inline int run_suite(const char *name, void (*add_tests)(TCase *t))
{
    if (!start_server()) {
        stop_server();
        return EXIT_FAILURE;
    }
    Suite *s = suite_create(name);
    TCase *t = tcase_create(name);
    suite_add_tcase(s, t);
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    add_tests(t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    stop_server();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
