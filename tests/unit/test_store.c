/* SPDX-License-Identifier: MIT
 * The store's rules, the same suite on the SQLite file and on the null store; then what only a file
 * can show: reopening, a wrong key, damage, a second engine, and being killed. */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store.h"

static const struct store_ops *const kinds[] = {&store_sqlite, &store_null};
static char folder[64], path[96];
static struct secret *key;
static struct store *st;
static struct koppel_error err;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static struct secret *make_key(char fill)
{
    char text[SECRET_KEY_BYTES];
    memset(text, fill, sizeof text);
    return secret_new(text, sizeof text);
}

static void setup(void)
{
    ck_assert_int_eq(secret_start(&err), 0);
    snprintf(folder, sizeof folder, "/tmp/koppel-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/store.db", folder);
    key = make_key('k');
}

static void teardown(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    if (st)
        st->ops->close(st);
    st = NULL;
    for (size_t i = 0; i < 4; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    rmdir(folder);
    secret_free(key);
}

static void start(int kind, int parts)
{
    OK(kinds[kind]->open(path, key, 1, &st, &err));
    OK(st->ops->flow_declare(st, "orders", parts, &err));
}

static void add(const char *k, int64_t version, const char *payload, const char *cursor)
{
    struct store_record r = {k, version, payload, strlen(payload), NULL};
    OK(st->ops->append(st, "orders", &r, 1, cursor, NULL, &err));
}

static struct store_lease take(const char *owner)
{
    struct store_lease l = {0};
    int none = 0;
    OK(st->ops->lease(st, "orders", owner, 60000, &l, &none, &err));
    ck_assert_int_eq(none, 0);
    return l;
}

static void give_back(const char *owner, struct store_lease *l)
{
    OK(st->ops->release(st, "orders", owner, l, &err));
}

static int none_left(void)
{
    struct store_lease l;
    int none = 0;
    OK(st->ops->lease(st, "orders", "other", 60000, &l, &none, &err));
    return none;
}

static int settle_as(const char *owner, struct store_lease *l, int64_t off, const char *k,
                     enum job_state state, const char *reason, int64_t next_at, int64_t cursor)
{
    struct store_outcome o = {.off = off, .key = k, .state = state, .reason = reason,
                              .next_at_ms = next_at};
    int lost = 0;
    OK(st->ops->settle(st, "orders", owner, l, cursor, &o, 1, &lost, &err));
    if (!lost && cursor >= 0)
        l->cursor = cursor;
    return lost;
}

static struct store_counts count(void)
{
    struct store_counts c;
    OK(st->ops->counts(st, "orders", &c, &err));
    return c;
}

static enum job_state state_of(int64_t off, char *reason, size_t room)
{
    struct store_job_row r;
    int found = 0;
    OK(st->ops->job(st, (struct job_id){"orders", 0, off}, &r, NULL, &found, &err));
    ck_assert_int_eq(found, 1);
    enum job_state state = r.state;
    if (reason)
        snprintf(reason, room, "%s", r.reason);
    store_job_row_done(&r);
    return state;
}

START_TEST(append_and_cursor)
{
    char *c = NULL;
    start(_i, 4);
    OK(st->ops->cursor_get(st, "orders", &c, &err));
    ck_assert_ptr_null(c);
    add("a", 1, "{\"a\":1}", "one");
    OK(st->ops->append(st, "orders", NULL, 0, "two", NULL, &err));
    OK(st->ops->cursor_get(st, "orders", &c, &err));
    ck_assert_str_eq(c, "two");
    free(c);
    ck_assert_int_eq(count().read, 1);
    ck_assert_int_eq(count().pending, 1);
    char longest[STORE_KEY_BYTES + 1];
    memset(longest, 'x', sizeof longest);
    longest[STORE_KEY_BYTES] = '\0';
    struct store_record r = {longest, 1, "{}", 2, NULL};
    ck_assert_int_eq(st->ops->append(st, "orders", &r, 1, NULL, NULL, &err), -1);
    ck_assert_int_eq(st->ops->flow_declare(st, "orders", 8, &err), -1);
    ck_assert_int_eq(st->ops->append(st, "nobody", NULL, 0, "x", NULL, &err), -1);
}
END_TEST

START_TEST(lease_read_settle)
{
    int lost = 0;
    start(_i, 1);
    ck_assert_int_eq(none_left(), 1);
    add("a", 1, "{\"a\":1}", "1");
    add("b", 2, "{\"b\":2}", "2");
    struct store_lease l = take("w1");
    ck_assert_int_eq(none_left(), 1);
    struct store_batch b;
    OK(st->ops->read(st, "orders", &l, 10, &b, &err));
    ck_assert_int_eq(b.count, 2);
    ck_assert_int_eq(b.next, 2);
    ck_assert_str_eq(b.jobs[0].key, "a");
    ck_assert_str_eq(b.jobs[1].payload, "{\"b\":2}");
    ck_assert_int_eq(b.jobs[1].state, JOB_NEW);
    store_batch_done(&b);
    struct store_link_change change = {"s", "a", "77", "C77", "d", 1, false};
    struct store_outcome o[2] = {
        {.off = 0, .key = "a", .state = JOB_DONE, .reason = "", .remote_id = "77", .links = &change,
         .link_count = 1, .activity = "{\"steps\":[]}", .activity_bytes = 12},
        {.off = 1, .key = "b", .state = JOB_SKIPPED, .reason = "filtered"}};
    OK(st->ops->settle(st, "orders", "w1", &l, 2, o, 2, &lost, &err));
    ck_assert_int_eq(lost, 0);
    OK(st->ops->renew(st, "orders", "w1", &l, 1000, &lost, &err));
    ck_assert_int_eq(lost, 0);
    give_back("w1", &l);
    ck_assert_int_eq(none_left(), 1);
    struct store_counts c = count();
    ck_assert_int_eq(c.done, 1);
    ck_assert_int_eq(c.skipped, 1);
    ck_assert_int_eq(c.pending, 0);
    struct store_link k;
    int found = 0;
    OK(st->ops->link_get(st, "s", "a", &k, &found, &err));
    ck_assert_int_eq(found, 1);
    ck_assert_str_eq(k.id, "77");
    store_link_done(&k);
}
END_TEST

START_TEST(fenced)
{
    start(_i, 1);
    add("a", 1, "{}", "1");
    struct store_lease old = take("w1");
    give_back("w1", &old);
    struct store_lease l = take("w2");
    ck_assert_int_gt(l.epoch, old.epoch);
    int lost = 0;
    int64_t off = 0;
    ck_assert_int_eq(settle_as("w1", &old, 0, "a", JOB_DONE, "", 0, 1), 1);
    OK(st->ops->intent(st, "orders", "w1", &old, &off, 1, &lost, &err));
    ck_assert_int_eq(lost, 1);
    OK(st->ops->renew(st, "orders", "w1", &old, 1, &lost, &err));
    ck_assert_int_eq(lost, 1);
    ck_assert_int_eq(state_of(0, NULL, 0), JOB_NEW);
    ck_assert_int_eq(settle_as("w2", &l, 0, "a", JOB_DONE, "", 0, 1), 0);
}
END_TEST

START_TEST(stepping_aside)
{
    struct store_batch b;
    char reason[48];
    int64_t due = 0, now = clock_now_ms();
    int n = 0;
    start(_i, 1);
    add("a", 1, "{}", "1");
    struct store_lease l = take("w");
    settle_as("w", &l, 0, "a", JOB_WAITING, "retry", now + 50000, 1);
    OK(st->ops->next_due(st, "orders", &due, &err));
    ck_assert_int_eq(due, now + 50000);
    OK(st->ops->read_aside(st, "orders", &l, now, 9, &b, &err));
    ck_assert_int_eq(b.count, 0);
    store_batch_done(&b);
    /* a newer one of the key takes its place and its time */
    add("a", 2, "{}", "2");
    OK(st->ops->read(st, "orders", &l, 9, &b, &err));
    ck_assert_int_eq(b.jobs[0].state, JOB_WAITING);
    ck_assert_int_eq(b.jobs[0].next_at_ms, now + 50000);
    store_batch_done(&b);
    settle_as("w", &l, 1, "a", JOB_WAITING, "retry", now + 50000, 2);
    ck_assert_int_eq(state_of(0, reason, sizeof reason), JOB_SKIPPED);
    ck_assert_str_eq(reason, "superseded");
    ck_assert_int_eq(count().waiting, 1);
    OK(st->ops->read_aside(st, "orders", &l, now + 50000, 9, &b, &err));
    ck_assert_int_eq(b.count, 1);
    ck_assert_int_eq(b.jobs[0].off, 1);
    ck_assert_int_eq(b.jobs[0].attempt, 1);
    ck_assert_int_eq(b.next, -1);
    store_batch_done(&b);
    /* an intent on it keeps the counters whole */
    int64_t off = 1;
    int lost;
    OK(st->ops->intent(st, "orders", "w", &l, &off, 1, &lost, &err));
    ck_assert_int_eq(state_of(1, NULL, 0), JOB_SENDING);
    settle_as("w", &l, 1, "a", JOB_PARKED, "customer.missing", 0, -1);
    ck_assert_int_eq(count().parked, 1);
    ck_assert_int_eq(count().waiting, 0);
    OK(st->ops->next_due(st, "orders", &due, &err));
    ck_assert_int_eq(due, 0);
    give_back("w", &l);
    ck_assert_int_eq(none_left(), 1);
    OK(st->ops->retry(st, NULL, 0, -1, &n, &err));
    ck_assert_int_eq(n, 1);
    ck_assert_int_eq(count().waiting, 1);
    ck_assert_int_eq(state_of(1, NULL, 0), JOB_WAITING);
    l = take("w");
    settle_as("w", &l, 1, "a", JOB_PARKED, "x", 0, -1);
    OK(st->ops->retry(st, "orders", 0, 1, &n, &err));
    ck_assert_int_eq(n, 1);
    settle_as("w", &l, 1, "a", JOB_PARKED, "x", 0, -1);
    /* a newer one of a parked key comes as new and settles the parked one */
    add("a", 3, "{}", "3");
    OK(st->ops->read(st, "orders", &l, 9, &b, &err));
    ck_assert_int_eq(b.jobs[0].state, JOB_NEW);
    store_batch_done(&b);
    settle_as("w", &l, 2, "a", JOB_DONE, "", 0, 3);
    ck_assert_int_eq(state_of(1, reason, sizeof reason), JOB_SKIPPED);
    struct store_counts c = count();
    ck_assert_int_eq(c.done, 1);
    ck_assert_int_eq(c.skipped, 2);
    ck_assert_int_eq(c.parked + c.waiting + c.pending, 0);
}
END_TEST

static int see_note(void *arg, const char *name, const char *value)
{
    char *all = arg;
    size_t at = strlen(all);
    snprintf(all + at, 100 - at, "%s=%s;", name, value);
    return 0;
}

static int see_row(void *arg, const struct store_job_row *r)
{
    see_note(arg, r->key, job_state_name(r->state));
    return 0;
}

static int see_activity(void *arg, const struct store_activity *a)
{
    see_note(arg, a->attempt == 1 ? "1" : "?", a->steps);
    return 0;
}

static int see_reason(void *arg, enum job_state state, const char *reason, int64_t n)
{
    char text[64];
    snprintf(text, sizeof text, "%s/%d", reason, (int)n);
    return see_note(arg, job_state_name(state), text);
}

START_TEST(small_values)
{
    struct store_link k;
    struct secret *sealed = NULL;
    char all[100] = "", *note = NULL;
    int found = 1;
    start(_i, 1);
    OK(st->ops->link_get(st, "s", "k", &k, &found, &err));
    ck_assert_int_eq(found, 0);
    OK(st->ops->link_put(st, &(struct store_link_change){"s", "k", "1", "A", NULL, 1, false},
                         &err));
    OK(st->ops->link_put(st, &(struct store_link_change){"s", "k", "1", NULL, "d", 2, true}, &err));
    OK(st->ops->link_get(st, "s", "k", &k, &found, &err));
    ck_assert_str_eq(k.alias, "A");
    ck_assert_str_eq(k.digest, "d");
    ck_assert(k.closed && k.version == 2);
    store_link_done(&k);
    OK(st->ops->sealed_get(st, "token", &sealed, &err));
    ck_assert_ptr_null(sealed);
    OK(st->ops->sealed_put(st, "token", "hush", 4, &err));
    OK(st->ops->sealed_get(st, "token", &sealed, &err));
    ck_assert_str_eq(secret_text(sealed), "hush");
    secret_free(sealed);
    OK(st->ops->note_put(st, "paused/b", "2", &err));
    OK(st->ops->note_put(st, "paused/a", "1", &err));
    OK(st->ops->note_put(st, "other", "3", &err));
    OK(st->ops->notes(st, "paused/", see_note, all, &err));
    ck_assert_str_eq(all, "paused/a=1;paused/b=2;");
    OK(st->ops->note_put(st, "other", NULL, &err));
    OK(st->ops->note_get(st, "other", &note, &err));
    ck_assert_ptr_null(note);
    OK(st->ops->note_get(st, "paused/a", &note, &err));
    ck_assert_str_eq(note, "1");
    free(note);
}
END_TEST

START_TEST(listings)
{
    char all[100] = "", *payload = NULL;
    int lost, found;
    start(_i, 1);
    add("a", 1, "{\"x\":1}", "1");
    add("b", 1, "{}", "2");
    add("c", 1, "{}", "3");
    struct store_lease l = take("w");
    struct store_outcome o[2] = {{.off = 0, .key = "a", .state = JOB_DONE, .reason = "",
                                  .activity = "[1]", .activity_bytes = 3},
                                 {.off = 1, .key = "b", .state = JOB_PARKED, .reason = "r",
                                  .detail = "why"}};
    OK(st->ops->settle(st, "orders", "w", &l, 2, o, 2, &lost, &err));
    OK(st->ops->jobs(st, &(struct store_job_filter){NULL, -1, 2}, see_row, all, &err));
    ck_assert_str_eq(all, "c=new;b=parked;");
    all[0] = '\0';
    OK(st->ops->jobs(st, &(struct store_job_filter){"orders", JOB_PARKED, 0}, see_row, all, &err));
    ck_assert_str_eq(all, "b=parked;");
    all[0] = '\0';
    OK(st->ops->reasons(st, "orders", see_reason, all, &err));
    ck_assert_str_eq(all, "done=/1;parked=r/1;");
    all[0] = '\0';
    OK(st->ops->activity(st, (struct job_id){"orders", 0, 0}, see_activity, all, &err));
    ck_assert_str_eq(all, "1=[1];");
    struct store_job_row r;
    OK(st->ops->job(st, (struct job_id){"orders", 0, 0}, &r, &payload, &found, &err));
    ck_assert_str_eq(payload, "{\"x\":1}");
    ck_assert_str_eq(r.flow, "orders");
    free(payload);
    store_job_row_done(&r);
    OK(st->ops->job(st, (struct job_id){"orders", 0, 99}, &r, &payload, &found, &err));
    ck_assert_int_eq(found, 0);
}
END_TEST

static void *append_many(void *arg)
{
    struct koppel_error problem;
    for (int i = 0; i < 50; i++) {
        char k[32];
        snprintf(k, sizeof k, "%d-%d", *(int *)arg, i);
        struct store_record r = {k, i, "{}", 2, NULL};
        if (st->ops->append(st, "orders", &r, 1, k, NULL, &problem) != 0)
            return arg;
    }
    return NULL;
}

START_TEST(eight_threads)
{
    pthread_t threads[8];
    int ids[8], total = 0;
    start(_i, 16);
    for (int i = 0; i < 8; i++) {
        ids[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, append_many, &ids[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    ck_assert_int_eq(count().read, 400);
    for (int p = 0; p < 16; p++) {
        struct store_batch b;
        struct store_lease l = {.part = p};
        OK(st->ops->read(st, "orders", &l, 500, &b, &err));
        for (int i = 0; i < b.count; i++)
            ck_assert_int_eq(b.jobs[i].off, i);
        total += b.count;
        store_batch_done(&b);
    }
    ck_assert_int_eq(total, 400);
}
END_TEST

START_TEST(intents_survive)
{
    struct store_batch b;
    int64_t off = 0;
    int lost;
    start(0, 1);
    add("a", 1, "{}", "1");
    struct store_lease old = take("w");
    OK(st->ops->intent(st, "orders", "w", &old, &off, 1, &lost, &err));
    st->ops->close(st);
    start(0, 1);
    ck_assert_int_eq(settle_as("w", &old, 0, "a", JOB_DONE, "", 0, 1), 1);
    struct store_lease l = take("w");
    ck_assert_int_gt(l.epoch, old.epoch);
    OK(st->ops->read(st, "orders", &l, 9, &b, &err));
    ck_assert_int_eq(b.jobs[0].state, JOB_SENDING);
    ck_assert_int_eq(b.jobs[0].attempt, 1);
    store_batch_done(&b);
}
END_TEST

START_TEST(wrong_key)
{
    struct store *other;
    struct secret *wrong = make_key('w');
    start(0, 1);
    ck_assert_int_eq(store_sqlite.open(path, wrong, 0, &other, &err), -1);
    ck_assert_str_eq(err.reason, "store.key");
    secret_free(wrong);
}
END_TEST

START_TEST(damaged_file)
{
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", f);
    fclose(f);
    ck_assert_int_eq(store_sqlite.open(path, key, 1, &st, &err), -1);
    ck_assert_str_eq(err.reason, "store.damaged");
    ck_assert_ptr_nonnull(strstr(err.text, "file is not a database"));
    ck_assert_ptr_null(st);
}
END_TEST

START_TEST(second_engine)
{
    struct store *other;
    char pid[32];
    start(0, 1);
    ck_assert_int_eq(store_sqlite.open(path, key, 1, &other, &err), -1);
    snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    ck_assert_ptr_nonnull(strstr(err.text, pid));
    OK(store_sqlite.open(path, key, 0, &other, &err));
    OK(other->ops->note_put(other, "n", "v", &err));
    other->ops->close(other);
}
END_TEST

/* Appends and settles until it is killed; a byte goes down the pipe for each accepted record. */
static void work_until_killed(int pipe_end)
{
    if (store_sqlite.open(path, key, 1, &st, &err) != 0)
        _exit(1);
    for (int i = 0;; i++) {
        struct store_record r = {"k", i, "{}", 2, NULL};
        struct store_lease l;
        struct store_batch b;
        int none, lost;
        if (st->ops->append(st, "orders", &r, 1, "c", NULL, &err) != 0 ||
            write(pipe_end, "a", 1) != 1 ||
            st->ops->lease(st, "orders", "w", 1000, &l, &none, &err) != 0 || none ||
            st->ops->read(st, "orders", &l, 10, &b, &err) != 0)
            _exit(1);
        struct store_outcome o = {.off = b.jobs[0].off, .key = "k", .state = JOB_DONE};
        if (st->ops->settle(st, "orders", "w", &l, o.off + 1, &o, 1, &lost, &err) != 0 ||
            st->ops->release(st, "orders", "w", &l, &err) != 0 || write(pipe_end, "s", 1) != 1)
            _exit(1);
        store_batch_done(&b);
    }
}

START_TEST(killed)
{
    int64_t appended = 0, settled = 0;
    start(0, 1);
    st->ops->close(st);
    st = NULL;
    for (int round = 0; round < 20; round++) {
        int ends[2], status;
        ck_assert_int_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            work_until_killed(ends[1]);
        close(ends[1]);
        nanosleep(&(struct timespec){0, 1000000L * (20 + clock_random(60))}, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        ck_assert(WIFSIGNALED(status));
        char c;
        while (read(ends[0], &c, 1) == 1) {
            appended += c == 'a';
            settled += c == 's';
        }
        close(ends[0]);
        start(0, 1);
        struct store_counts n = count();
        ck_assert_int_ge(n.read, appended);
        ck_assert_int_ge(n.done, settled);
        ck_assert_int_le(n.done, n.read);
        struct store_batch b;
        struct store_lease l = {0};
        OK(st->ops->read(st, "orders", &l, 100000, &b, &err));
        ck_assert_int_eq(b.count, n.read);
        for (int i = 0; i < b.count; i++)
            ck_assert_int_eq(b.jobs[i].off, i);
        store_batch_done(&b);
        appended = n.read;
        settled = n.done;
        st->ops->close(st);
        st = NULL;
    }
    ck_assert_int_gt(appended, 0);
}
END_TEST

static int add_digest(const char *k, const char *payload, const char *digest)
{
    int added = -1;
    struct store_record r = {k, 0, payload, strlen(payload), digest};
    OK(st->ops->append(st, "orders", &r, 1, NULL, &added, &err));
    return added;
}

static int list_keys(void *arg, const char *k, struct job_id id)
{
    strcat(arg, k);
    ck_assert_str_eq(id.flow, "orders");
    return 0;
}

static int list_payloads(void *arg, const char *k, enum job_state state, const char *payload,
                         size_t bytes)
{
    (void)k;
    ck_assert_uint_eq(bytes, strlen(payload));
    strcat(arg, payload);
    strcat(arg, state == JOB_PARKED ? "!" : "");
    return 0;
}

/* Only what differs from the last one of its key enters the log; what is gone is listed no more. */
START_TEST(snapshots)
{
    char keys[64] = "";
    start(_i, 1);
    ck_assert_int_eq(add_digest("a", "{\"v\":1}", "d1"), 1);
    ck_assert_int_eq(add_digest("a", "{\"v\":1}", "d1"), 0);
    ck_assert_int_eq(add_digest("a", "{\"v\":2}", "d2"), 1);
    ck_assert_int_eq(add_digest("b", "{}", "d1"), 1);
    ck_assert_int_eq(count().read, 3);
    OK(st->ops->seen(st, "orders", list_keys, keys, &err));
    ck_assert_str_eq(keys, "ab");
    ck_assert_int_eq(add_digest("a", "{}", ""), 1);
    keys[0] = '\0';
    OK(st->ops->seen(st, "orders", list_keys, keys, &err));
    ck_assert_str_eq(keys, "b");
    ck_assert_int_eq(add_digest("a", "{\"v\":2}", "d2"), 1); /* it is back */
}
END_TEST

START_TEST(unsettled_jobs)
{
    char seen[64] = "";
    struct store_lease l;
    struct store_batch b = {0};
    int lost = 0;
    start(_i, 1);
    add("a", 1, "A", "1");
    add("b", 1, "B", "2");
    add("c", 1, "C", "3");
    l = take("w");
    OK(st->ops->read(st, "orders", &l, 2, &b, &err));
    struct store_outcome o[] = {{.off = 0, .key = "a", .state = JOB_DONE, .reason = ""},
                                {.off = 1, .key = "b", .state = JOB_PARKED, .reason = "x"}};
    OK(st->ops->settle(st, "orders", "w", &l, 2, o, 2, &lost, &err));
    store_batch_done(&b);
    OK(st->ops->unsettled(st, "orders", list_payloads, seen, &err));
    ck_assert_str_eq(seen, "CB!");
    seen[0] = '\0';
    OK(st->ops->unsettled(st, "nobody", list_payloads, seen, &err));
    ck_assert_str_eq(seen, "");
}
END_TEST

START_TEST(claims)
{
    char *holder = NULL;
    start(_i, 1);
    OK(st->ops->note_claim(st, "direction/x", "a", &holder, &err));
    ck_assert_str_eq(holder, "a");
    free(holder);
    OK(st->ops->note_claim(st, "direction/x", "b", &holder, &err));
    ck_assert_str_eq(holder, "a");
    free(holder);
    OK(st->ops->note_put(st, "direction/x", NULL, &err));
    OK(st->ops->note_claim(st, "direction/x", "b", &holder, &err));
    ck_assert_str_eq(holder, "b");
    free(holder);
}
END_TEST

START_TEST(addresses)
{
    char text[JOB_ID_BYTES], flow[JOB_ID_BYTES];
    struct job_id id;
    enum job_state state;
    ck_assert_int_gt(job_id_format((struct job_id){"a/b", 3, 12}, text), 0);
    ck_assert_str_eq(text, "a/b/3/12");
    ck_assert_int_eq(job_id_parse(text, flow, &id), 0);
    ck_assert_str_eq(id.flow, "a/b");
    ck_assert(id.part == 3 && id.off == 12);
    ck_assert_int_eq(job_id_parse("a/3", flow, &id), -1);
    ck_assert_int_eq(job_id_parse("a/x/1", flow, &id), -1);
    ck_assert_int_eq(job_id_parse("a/1/-1", flow, &id), -1);
    ck_assert_int_eq(job_id_parse("/1/1", flow, &id), -1);
    ck_assert_int_eq(job_state_parse("parked", &state), 0);
    ck_assert_int_eq(state, JOB_PARKED);
    ck_assert_int_eq(job_state_parse("lost", &state), -1);
    ck_assert_int_eq(store_partition("", 16), (int)(14695981039346656037u % 16));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("store");
    TCase *both = tcase_create("both stores"), *file = tcase_create("the file");
    tcase_add_checked_fixture(both, setup, teardown);
    tcase_add_loop_test(both, append_and_cursor, 0, 2);
    tcase_add_loop_test(both, lease_read_settle, 0, 2);
    tcase_add_loop_test(both, fenced, 0, 2);
    tcase_add_loop_test(both, stepping_aside, 0, 2);
    tcase_add_loop_test(both, small_values, 0, 2);
    tcase_add_loop_test(both, listings, 0, 2);
    tcase_add_loop_test(both, snapshots, 0, 2);
    tcase_add_loop_test(both, unsettled_jobs, 0, 2);
    tcase_add_loop_test(both, claims, 0, 2);
    tcase_add_loop_test(both, eight_threads, 0, 2);
    tcase_add_checked_fixture(file, setup, teardown);
    tcase_set_timeout(file, 30);
    tcase_add_test(file, intents_survive);
    tcase_add_test(file, wrong_key);
    tcase_add_test(file, damaged_file);
    tcase_add_test(file, second_engine);
    tcase_add_test(file, killed);
    tcase_add_test(file, addresses);
    suite_add_tcase(s, both);
    suite_add_tcase(s, file);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
