/* SPDX-License-Identifier: MIT
 * What only a file can show: who makes it, a wrong key, damage, a full disk, being killed, a backup
 * that was put back, and who owns its files. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "store/backup.h"
#include "store_fixture.h"

static struct store *open_as(enum store_mode mode)
{
    struct store *s = NULL;
    struct store_conf conf = conf_of(false);
    return store_sqlite.open(&conf, mode, &s, &err) == 0 ? s : NULL;
}

static void engine(void)
{
    st = open_as(STORE_ENGINE);
    ck_assert_msg(st != NULL, "%s", err.text);
    OK(st->ops->flow_declare(st, "orders", 1, &err));
}

static bool exists(const char *end)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, end);
    return access(name, F_OK) == 0;
}

START_TEST(who_looks_makes_nothing)
{
    int found = 1;
    struct store_conf conf = conf_of(false);
    ck_assert_ptr_null(open_as(STORE_LOOK));
    ck_assert_str_eq(err.reason, "store.missing");
    OK(store_sqlite.check(&conf, &found, &err));
    ck_assert_int_eq(found, 0);
    ck_assert(!exists("") && !exists(".lock") && !exists(".witness"));
    close(open(path, O_CREAT | O_WRONLY, 0600));
    ck_assert_ptr_null(open_as(STORE_LOOK));
    ck_assert_str_eq(err.reason, "store.missing");
    struct stat info;
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_size, 0);
    engine();
    OK(store_sqlite.check(&conf, &found, &err));
    ck_assert_int_eq(found, 1);
    ck_assert(exists(".lock") && exists(".witness"));
}
END_TEST

START_TEST(orders_reach_a_running_engine)
{
    char *note = NULL, drain[4096];
    engine();
    int fd = st->ops->news_fd(st);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(st->ops->news_fd(st), fd);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    add("a", 1, "{}");
    ck_assert_int_eq(poll(&p, 1, 0), 0); /* its own commits are no news */
    struct store *look = open_as(STORE_LOOK);
    ck_assert_msg(look != NULL, "%s", err.text);
    ck_assert_int_eq(look->ops->news_fd(look), -1);
    struct store_counts c;
    OK(look->ops->counts(look, "orders", &c, &err));
    ck_assert_int_eq(c.read, 1);
    ck_assert_int_eq(poll(&p, 1, 0), 0); /* looking is none either */
    OK(look->ops->note_put(look, "paused/orders", "by hand", &err));
    ck_assert_int_eq(poll(&p, 1, 0), 1);
    ck_assert_int_gt(read(fd, drain, sizeof drain), 0);
    ck_assert_int_eq(poll(&p, 1, 0), 0);
    OK(st->ops->note_get(st, "paused/orders", &note, &err));
    ck_assert_str_eq(note, "by hand");
    free(note);
    look->ops->close(look);
    struct store *memory = open_store(1, false);
    ck_assert_int_eq(memory->ops->news_fd(memory), -1);
    memory->ops->close(memory);
}
END_TEST

START_TEST(second_engine)
{
    char pid[32];
    engine();
    ck_assert_ptr_null(open_as(STORE_ENGINE));
    ck_assert_str_eq(err.reason, "store.locked");
    snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    ck_assert_ptr_nonnull(strstr(err.text, pid));
    struct store *s = NULL;
    struct store_conf shared = conf_of(true);
    ck_assert_int_eq(store_sqlite.open(&shared, STORE_ENGINE, &s, &err), -1);
}
END_TEST

/* The opened secret never stands in the file as it is. */
START_TEST(nothing_readable_on_the_disk)
{
    static const char *const words[] = {"Payload", "Detail", "Facts", "Brief", "Steps", "Document",
                                        "Hush"};
    int lost;
    engine();
    add("a", 1, "{\"Payload\":1}");
    struct store_lease l = take(st);
    struct store_link_change c = {.scope = "s", .key = "a", .state = LINK_MAYBE,
                                  .begun = {.write = WRITE_CREATE, .document = (char *)"Document"}};
    OK(st->ops->links_put(st, &l, &c, 1, &lost, &err));
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_PARKED, .detail = "Detail",
                              .facts = "Facts", .brief = "Brief", .activity = "Steps",
                              .activity_bytes = 5};
    settle_one(st, &l, 1, &o);
    OK(st->ops->sealed_put(st, "token", "Hush", 4, -1, NULL, &err));
    st->ops->release(st, &l);
    close_store();
    FILE *f = fopen(path, "r");
    static char text[1 << 20];
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    ck_assert_ptr_nonnull(memmem(text, n, "orders", 6));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_ptr_null(memmem(text, n, words[i], strlen(words[i])));
}
END_TEST

START_TEST(wrong_key)
{
    struct secret *right = key;
    int found;
    engine();
    close_store();
    key = make_key('w');
    for (int mode = STORE_LOOK; mode <= STORE_ENGINE; mode++) {
        ck_assert_ptr_null(open_as((enum store_mode)mode));
        ck_assert_str_eq(err.reason, "store.key");
    }
    struct store_conf conf = conf_of(false);
    ck_assert_int_eq(store_sqlite.check(&conf, &found, &err), -1);
    ck_assert_str_eq(err.reason, "store.key");
    secret_free(key);
    key = right;
}
END_TEST

START_TEST(damaged_and_foreign_files)
{
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", f);
    fclose(f);
    ck_assert_ptr_null(open_as(STORE_ENGINE));
    ck_assert_str_eq(err.reason, "store.damaged");
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "file is not a database"));
    unlink(path);
    /* another program's database is left as it is */
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    for (int mode = STORE_LOOK; mode <= STORE_ENGINE; mode++) {
        ck_assert_ptr_null(open_as((enum store_mode)mode));
        ck_assert_str_eq(err.reason, "store.foreign");
    }
    unsigned char head[20];
    int fd = open(path, O_RDONLY);
    ck_assert_int_eq(read(fd, head, sizeof head), sizeof head);
    ck_assert_int_eq(head[18], 1); /* no WAL */
    close(fd);
    char nowhere[128];
    snprintf(nowhere, sizeof nowhere, "%s/none/store.db", folder);
    struct store_conf conf = {.path = nowhere, .key = key};
    struct store *s;
    ck_assert_int_eq(store_sqlite.open(&conf, STORE_ENGINE, &s, &err), -1);
    ck_assert_str_eq(err.reason, "store.access");
}
END_TEST

START_TEST(newer_schema)
{
    sqlite3 *db = NULL;
    engine();
    close_store();
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    for (int mode = STORE_LOOK; mode <= STORE_ENGINE; mode++) {
        ck_assert_ptr_null(open_as((enum store_mode)mode));
        ck_assert_str_eq(err.reason, "store.newer");
    }
}
END_TEST

/* Another program that keeps the file for itself is waited for; then it is said, and may pass. */
START_TEST(a_busy_file)
{
    sqlite3 *db = NULL;
    engine();
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(st->ops->note_put(st, "n", "v", &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_str_eq(err.reason, "store.busy");
    sqlite3_close(db);
    OK(st->ops->note_put(st, "n", "v", &err));
}
END_TEST

/* A limit of the process stands in for a full disk: SQLite cannot make the file longer. */
START_TEST(full_disk)
{
    static char large[200000];
    struct rlimit before, small = {1 << 20, 1 << 20};
    signal(SIGXFSZ, SIG_IGN);
    memset(large, 'x', sizeof large - 1);
    engine();
    struct store_reader r = begin(st);
    ck_assert_int_eq(append_to(st, &r, "a", 1, "{}", "c1", NULL), 1);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    int failed = 0, lost = 0, stored = 1;
    for (int i = 0; i < 20 && !failed; i++) {
        struct store_record record = {"a", i, large, sizeof large - 1, NULL, false};
        failed = st->ops->append(st, &r, &record, 1, "c2", NULL, &lost, &err) != 0;
        stored += !failed;
    }
    ck_assert_int_eq(failed, 1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(count().read, stored);
    /* there is room again: the same page goes in */
    ck_assert_int_eq(append_to(st, &r, "b", 1, "{}", "c3", NULL), 1);
    st->ops->read_end(st, &r, false);
}
END_TEST

/* ---- being killed ---- */

/* Appends, announces and settles until it is killed; a byte goes down the pipe for each step. */
static void work_until_killed(int pipe_end)
{
    int lost;
    st = open_as(STORE_ENGINE);
    if (!st)
        _exit(1);
    for (int i = 0;; i++) {
        struct store_reader r;
        struct store_record record = {"k", i, "{}", 2, NULL, false};
        struct store_lease l;
        struct store_batch b;
        int none = 1, n = 0;
        if (st->ops->read_begin(st, "orders", &r, &none, &err) != 0 || none ||
            st->ops->append(st, &r, &record, 1, "c", NULL, &lost, &err) != 0 || lost ||
            write(pipe_end, "a", 1) != 1)
            _exit(1);
        st->ops->read_end(st, &r, true);
        if (st->ops->lease(st, orders, 1, 1, &l, &n, &err) != 0 || n != 1 ||
            st->ops->read(st, &l, 10, 1 << 20, &b, &err) != 0 || b.count < 1)
            _exit(1);
        struct store_link_change c = {.scope = "s", .key = "k", .state = LINK_MAYBE,
                                      .begun = {.write = WRITE_UPDATE, .version = i}};
        struct store_outcome o = {.off = b.jobs[0].off, .key = "k", .state = JOB_DONE};
        if (st->ops->links_put(st, &l, &c, 1, &lost, &err) != 0 || lost ||
            st->ops->settle(st, &l, o.off + 1, &o, 1, &lost, &err) != 0 || lost ||
            write(pipe_end, "s", 1) != 1)
            _exit(1);
        store_batch_done(&b);
        st->ops->release(st, &l);
    }
}

START_TEST(killed)
{
    int64_t appended = 0, settled = 0;
    char id[STORE_ID_BYTES];
    engine();
    snprintf(id, sizeof id, "%s", st->ops->id(st));
    close_store();
    for (int round = 0; round < 20; round++) {
        int ends[2], status;
        ck_assert_int_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            work_until_killed(ends[1]);
        close(ends[1]);
        char c = 0;
        if (round % 2 && read(ends[0], &c, 1) == 1) /* not while it opens, this time */
            appended += c == 'a';
        nanosleep(&(struct timespec){0, 1000000L * (20 + clock_random(60))}, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        ck_assert(WIFSIGNALED(status));
        while (read(ends[0], &c, 1) == 1) {
            appended += c == 'a';
            settled += c == 's';
        }
        close(ends[0]);
        engine();
        ck_assert_str_eq(st->ops->id(st), id); /* a fall is no restored backup */
        struct store_counts n = count();
        ck_assert_int_ge(n.read, appended);
        ck_assert_int_ge(n.done, settled);
        ck_assert_int_le(n.done, n.read);
        /* what the dead one held is free at once */
        struct store_reader r = begin(st);
        st->ops->read_end(st, &r, true);
        struct store_lease l;
        if (lease_of(st, &l)) {
            struct store_batch b = read_log(&l, 1000);
            ck_assert_int_eq(b.count, n.pending);
            for (int i = 0; i < b.count; i++)
                ck_assert_int_eq(b.jobs[i].off, l.cursor + i);
            const char *scope = "s", *k = "k";
            struct store_link link;
            OK(st->ops->links_get(st, &l, 1, &scope, &k, &link, &err));
            if (link.state == LINK_MAYBE)
                ck_assert_int_lt(link.unseen_ms, 60000);
            store_link_done(&link);
            store_batch_done(&b);
            st->ops->release(st, &l);
        } else {
            ck_assert_int_eq(n.pending, 0);
        }
        appended = n.read;
        settled = n.done;
        close_store();
    }
    ck_assert_int_gt(appended, 0);
}
END_TEST

/* The quiet time of what a killed engine announced counts from the restart. */
START_TEST(quiet_from_the_restart)
{
    int ends[2], status;
    char c;
    engine();
    add("a", 1, "{}");
    close_store();
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        int lost;
        st = open_as(STORE_ENGINE);
        struct store_lease l = take(st);
        struct store_link_change change = {.scope = "s", .key = "a", .state = LINK_MAYBE,
                                           .begun = {.write = WRITE_CREATE}};
        st->ops->links_put(st, &l, &change, 1, &lost, &err);
        if (write(ends[1], "x", 1) == 1)
            pause();
        _exit(0);
    }
    ck_assert_int_eq(read(ends[0], &c, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    shift(100000);
    engine();
    struct store_lease l = take(st); /* at once: nobody else can be alive */
    const char *scope = "s", *k = "a";
    struct store_link link;
    OK(st->ops->links_get(st, &l, 1, &scope, &k, &link, &err));
    ck_assert_int_eq(link.state, LINK_MAYBE);
    ck_assert_int_lt(link.unseen_ms, 50000);
    store_link_done(&link);
    st->ops->release(st, &l);
}
END_TEST

/* ---- a backup that was put back ---- */

static void copy_file(const char *from, const char *to)
{
    static char text[1 << 20];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    ck_assert(in && out);
    size_t n = fread(text, 1, sizeof text, in);
    ck_assert_uint_eq(fwrite(text, 1, n, out), n);
    fclose(in);
    fclose(out);
}

static char saved_id[STORE_ID_BYTES];
static int64_t saved_epoch;

/* A store with a link, a job that waits and one that is not delivered; a copy of it is kept. */
static void make_and_copy(void)
{
    char copy[128];
    int lost;
    snprintf(copy, sizeof copy, "%s.copy", path);
    engine();
    add("a", 1, "{}");
    add("b", 1, "{}");
    add("c", 1, "{}");
    struct store_lease l = take(st);
    struct store_link_change c = {.scope = "s", .key = "a", .state = LINK_THERE, .id = "77",
                                  .digest = "d", .version = 1, .chain = 1};
    struct store_outcome o[] = {{.off = 0, .key = "a", .state = JOB_DONE, .links = &c,
                                 .link_count = 1},
                                {.off = 1, .key = "b", .state = JOB_WAITING}};
    OK(st->ops->settle(st, &l, 2, o, 2, &lost, &err));
    saved_epoch = l.epoch;
    st->ops->release(st, &l);
    snprintf(saved_id, sizeof saved_id, "%s", st->ops->id(st));
    close_store();
    copy_file(path, copy);
}

static void put_back(void)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s.copy", path);
    close_store();
    unlink_beside("-wal");
    unlink_beside("-shm");
    copy_file(copy, path);
    engine();
}

static void expect_restored(void)
{
    ck_assert_str_ne(st->ops->id(st), saved_id);
    struct store_lease l = take(st);
    ck_assert_int_gt(l.epoch, saved_epoch + 1000);
    const char *scope = "s", *k = "a";
    struct store_link link;
    OK(st->ops->links_get(st, &l, 1, &scope, &k, &link, &err));
    ck_assert_int_eq(link.state, LINK_MAYBE);
    ck_assert_int_eq(link.begun.write, WRITE_RESTORED);
    ck_assert_str_eq(link.id, "77");
    ck_assert_str_eq(link.digest, "d");
    store_link_done(&link);
    struct store_batch b = read_log(&l, 10);
    ck_assert_int_eq(b.count, 1);
    ck_assert(b.jobs[0].doubt);
    store_batch_done(&b);
    b = read_due(&l);
    ck_assert_int_eq(b.count, 1);
    ck_assert(b.jobs[0].doubt);
    store_batch_done(&b);
    st->ops->release(st, &l);
}

START_TEST(a_copy_put_back)
{
    make_and_copy();
    engine();
    ck_assert_str_eq(st->ops->id(st), saved_id);
    add("d", 1, "{}");
    put_back();
    expect_restored();
    /* and once only: the next opening finds what it left */
    char id[STORE_ID_BYTES];
    snprintf(id, sizeof id, "%s", st->ops->id(st));
    close_store();
    engine();
    ck_assert_str_eq(st->ops->id(st), id);
    /* what readers append is in doubt until the source was read to its end */
    add("d", 1, "{}");
    struct store_reader r = begin(st);
    append_to(st, &r, "e", 1, "{}", NULL, NULL);
    st->ops->read_end(st, &r, true);
    add("f", 1, "{}");
    struct store_lease l = take(st);
    struct store_batch b = read_log(&l, 10);
    ck_assert_int_eq(b.count, 4);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(b.jobs[i].doubt, strcmp(b.jobs[i].key, "f") != 0);
    store_batch_done(&b);
    st->ops->release(st, &l);
    /* a flow of which this copy knows nothing may have run as well */
    OK(st->ops->flow_declare(st, "stock", 1, &err));
    int none, n;
    OK(st->ops->read_begin(st, "stock", &r, &none, &err));
    append_to(st, &r, "s", 1, "{}", NULL, NULL);
    st->ops->read_end(st, &r, true);
    const char *const stock[] = {"stock"};
    OK(st->ops->lease(st, stock, 1, 1, &l, &n, &err));
    b = read_log(&l, 1);
    ck_assert(b.jobs[0].doubt);
    store_batch_done(&b);
    st->ops->release(st, &l);
}
END_TEST

/* Nothing was committed since the copy was made: it knows all there is. */
START_TEST(a_copy_that_missed_nothing)
{
    make_and_copy();
    put_back();
    ck_assert_str_eq(st->ops->id(st), saved_id);
}
END_TEST

START_TEST(a_copy_without_its_witness)
{
    make_and_copy();
    unlink_beside(".witness");
    put_back();
    expect_restored();
}
END_TEST

START_TEST(a_copy_beside_another_stores_witness)
{
    make_and_copy();
    unlink(path);
    unlink_beside(".witness");
    engine(); /* a new store in its place */
    ck_assert_str_ne(st->ops->id(st), saved_id);
    put_back();
    expect_restored();
}
END_TEST

START_TEST(a_witness_that_is_cut_off)
{
    char name[128];
    make_and_copy();
    snprintf(name, sizeof name, "%s.witness", path);
    ck_assert_int_eq(truncate(name, 10), 0);
    put_back();
    expect_restored();
}
END_TEST

/* A backup of a store that has gone on since, open. */
static struct backup *backup_of_before(void)
{
    char copy[128];
    struct backup *b = NULL;
    make_and_copy();
    engine();
    snprintf(copy, sizeof copy, "%s.backup", path);
    unlink(copy);
    OK(st->ops->backup(st, copy, NULL, 0, &err));
    add("d", 1, "{}");
    close_store();
    OK(backup_open(copy, key, &b, &err));
    return b;
}

/* As often as a store is found of no use once it was put there, what stood there comes back. */
START_TEST(a_backup_is_undone)
{
    char *replaced = NULL;
    struct backup *b = backup_of_before();
    for (int i = 0; i < 2; i++) {
        OK(backup_put(b, path, &replaced, &err));
        ck_assert(replaced && access(replaced, F_OK) == 0);
        if (i == 1) { /* an engine has taken it into use */
            engine();
            ck_assert_str_ne(st->ops->id(st), saved_id);
            close_store();
        }
        err_set(&err, KOPPEL_E_RETRY, "it is of no use");
        backup_undo(b, path, &replaced, &err);
        ck_assert_ptr_null(replaced);
        ck_assert_str_eq(err.text, "it is of no use");
        engine();
        ck_assert_str_eq(st->ops->id(st), saved_id); /* and it is no restored one */
        close_store();
    }
    backup_close(b);
}
END_TEST

START_TEST(a_backup_that_cannot_be_undone)
{
    char *replaced = NULL, name[160];
    struct backup *b = backup_of_before();
    OK(backup_put(b, path, &replaced, &err));
    unlink(path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    err_set(&err, KOPPEL_E_RETRY, "it is of no use");
    backup_undo(b, path, &replaced, &err);
    ck_assert(replaced && access(replaced, F_OK) == 0);
    ck_assert(strstr(err.text, "it is of no use") && strstr(err.text, replaced));
    OK(rmdir(path));
    OK(rename(replaced, path));
    free(replaced);
    /* while an engine runs on it nothing moves */
    OK(backup_put(b, path, &replaced, &err));
    engine();
    snprintf(name, sizeof name, "%s", replaced);
    backup_undo(b, path, &replaced, &err);
    ck_assert_str_eq(replaced, name);
    ck_assert(strstr(err.text, "an engine runs") && unlink(replaced) == 0);
    free(replaced);
    backup_close(b);
}
END_TEST

START_TEST(a_backup_where_nothing_stood_is_undone)
{
    char *replaced = NULL;
    struct backup *b = backup_of_before();
    unlink(path);
    unlink_beside(".witness");
    OK(backup_put(b, path, &replaced, &err));
    ck_assert_ptr_null(replaced);
    engine();
    close_store();
    backup_undo(b, path, &replaced, &err);
    ck_assert(!exists("") && !exists("-wal") && !exists(".witness"));
    backup_close(b);
}
END_TEST

/* Who only looks changes nothing of all that. */
START_TEST(looking_at_a_copy)
{
    make_and_copy();
    unlink_beside(".witness");
    struct store *look = open_as(STORE_LOOK);
    ck_assert_msg(look != NULL, "%s", err.text);
    ck_assert_str_eq(look->ops->id(look), saved_id);
    ck_assert(!exists(".witness"));
    look->ops->close(look);
}
END_TEST

/* `sudo koppel` leaves files that the service can open. */
START_TEST(files_of_root)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".witness"};
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chown(folder, 4711, 4712), 0);
    engine();
    add("a", 1, "{}");
    struct store *look = open_as(STORE_LOOK);
    OK(look->ops->note_put(look, "n", "v", &err));
    look->ops->close(look);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[128];
        struct stat info;
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        ck_assert_msg(stat(name, &info) == 0, "%s", name);
        ck_assert_msg(info.st_uid == 4711 && info.st_gid == 4712, "%s", name);
        ck_assert_int_eq(info.st_mode & 077, 0);
    }
}
END_TEST

/* The beat of an engine of its own renews; while nothing is held it sleeps. */
START_TEST(the_store_beats_by_itself)
{
    struct store_conf conf = conf_of(false);
    conf.lease_ms = 500;
    OK(store_sqlite.open(&conf, STORE_ENGINE, &st, &err));
    OK(st->ops->flow_declare(st, "orders", 1, &err));
    add("a", 1, "{}");
    struct store_lease l = take(st);
    for (int64_t until = clock_monotonic_ms() + 1500; clock_monotonic_ms() < until;)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    ck_assert_int_gt(store_left_ms(l.hold), 0);
    st->ops->release(st, &l);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_test(t, who_looks_makes_nothing);
    tcase_add_test(t, orders_reach_a_running_engine);
    tcase_add_test(t, second_engine);
    tcase_add_test(t, nothing_readable_on_the_disk);
    tcase_add_test(t, wrong_key);
    tcase_add_test(t, damaged_and_foreign_files);
    tcase_add_test(t, newer_schema);
    tcase_add_test(t, a_busy_file);
    tcase_add_test(t, full_disk);
    tcase_add_test(t, killed);
    tcase_add_test(t, quiet_from_the_restart);
    tcase_add_test(t, a_copy_put_back);
    tcase_add_test(t, a_copy_that_missed_nothing);
    tcase_add_test(t, a_copy_without_its_witness);
    tcase_add_test(t, a_copy_beside_another_stores_witness);
    tcase_add_test(t, a_witness_that_is_cut_off);
    tcase_add_test(t, a_backup_is_undone);
    tcase_add_test(t, a_backup_that_cannot_be_undone);
    tcase_add_test(t, a_backup_where_nothing_stood_is_undone);
    tcase_add_test(t, looking_at_a_copy);
    tcase_add_test(t, files_of_root);
    tcase_add_test(t, the_store_beats_by_itself);
}

int main(void)
{
    return run_suite("store: file", add_tests);
}
