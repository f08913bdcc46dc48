/* SPDX-License-Identifier: MIT
 * Retention: what goes when, what stays, and that nothing of it is left in any file. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/scrub.h"
#include "store_fixture.h"

#define DAY INT64_C(86400000)
#define SCOPE "till/order>books/sales-invoice"

static const struct keeping ages = {.done_ms = 30 * DAY, .skipped_ms = 7 * DAY,
                                    .rows_ms = 400 * DAY};

/* Everything that is old goes; what went. */
static struct keeping_sum keep_all(void)
{
    struct keeping_sum planned, sum = {0};
    struct keeping_place place = {0};
    OK(st->ops->keep_plan(st, &ages, &planned, &err));
    while (place.phase != KEEPING_END)
        OK(st->ops->keep(st, &ages, &place, &sum, &err));
    ck_assert(planned.contents == sum.contents && planned.rows == sum.rows &&
              planned.bytes == sum.bytes && planned.documents == sum.documents);
    return sum;
}

static void expect_sum(int64_t contents, int64_t rows)
{
    struct keeping_sum sum = keep_all();
    ck_assert_int_eq(sum.contents, contents);
    ck_assert_int_eq(sum.rows, rows);
    ck_assert(contents == 0 || sum.bytes > 0);
}

/* Is anything of what was read and said left? 0, 1, or -1: there is no such job. */
static int has_content(int64_t off)
{
    struct store_job_row r = {0};
    char *payload = NULL;
    int found = 0;
    OK(st->ops->job(st, (struct job_id){"orders", 0, off}, &r, &payload, &found, &err));
    if (!found)
        return -1;
    int has = payload || r.detail || r.facts || r.brief;
    free(payload);
    store_job_row_done(&r);
    return has;
}

static int count_steps(void *arg, const struct store_activity *a)
{
    *(int *)arg += a->steps != NULL;
    return 0;
}

static int steps_of(int64_t off)
{
    int n = 0;
    OK(st->ops->activity(st, (struct job_id){"orders", 0, off}, count_steps, &n, &err));
    return n;
}

static void settle_with(struct store_lease *l, int64_t off, const char *k, enum job_state state,
                        int64_t cursor)
{
    struct store_outcome o = {.off = off, .key = k, .state = state, .reason = "r",
                              .detail = "Jan Jansen", .brief = "{\"n\":1}", .counts = true,
                              .activity = "[\"step\"]", .activity_bytes = 8, .remote_id = "77",
                              .retry_in_ms = 0};
    ck_assert_int_eq(settle_one(st, l, cursor, &o), 0);
}

START_TEST(y7_each_outcome_has_its_age_and_what_has_not_ended_stays)
{
    start(_i, 1);
    const char *const keys[] = {"done", "skipped", "parked", "waiting", "pending"};
    for (int i = 0; i < 5; i++)
        add(keys[i], 1, "{\"name\":\"Jan\"}");
    struct store_lease l = take(st);
    settle_with(&l, 0, "done", JOB_DONE, 1);
    settle_with(&l, 1, "skipped", JOB_SKIPPED, 2);
    settle_with(&l, 2, "parked", JOB_PARKED, 3);
    settle_with(&l, 3, "waiting", JOB_WAITING, 4);
    st->ops->release(st, &l);
    expect_sum(0, 0);
    shift(7 * DAY - 1000);
    expect_sum(0, 0);
    shift(2000);
    expect_sum(1, 0);
    ck_assert_int_eq(has_content(1), 0);
    ck_assert_int_eq(steps_of(1), 0);
    ck_assert_int_eq(has_content(0), 1);
    shift(23 * DAY);
    expect_sum(1, 0);
    ck_assert_int_eq(has_content(0), 0);
    expect_job(0, JOB_DONE, "r", 1);
    struct store_job_row r = row_of(0);
    ck_assert_str_eq(r.remote_id, "77");
    store_job_row_done(&r);
    shift(1000 * DAY);
    expect_sum(0, 2);
    for (int off = 2; off < 5; off++)
        ck_assert_int_eq(has_content(off), 1);
    struct store_counts c = count();
    ck_assert(c.read == 5 && c.done == 1 && c.skipped == 1 && c.parked == 1 && c.waiting == 1 &&
              c.pending == 1);
    /* and the flow goes on where it was */
    l = take(st);
    struct store_batch b = read_log(&l, 10);
    ck_assert_int_eq(b.count, 1);
    ck_assert_str_eq(b.jobs[0].key, "pending");
    store_batch_done(&b);
    st->ops->release(st, &l);
}
END_TEST

/* What was parked longer than its age is kept for that age once more when it ends. */
START_TEST(y7_what_ends_late_goes_later)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    add("c", 1, "{}");
    struct store_lease l = take(st);
    settle_with(&l, 0, "a", JOB_PARKED, 1);
    settle_with(&l, 1, "b", JOB_SKIPPED, 2);
    settle_with(&l, 2, "c", JOB_PARKED, 3);
    shift(100 * DAY);
    expect_sum(1, 0); /* b */
    settle_with(&l, 0, "a", JOB_DONE, -1);
    add("c", 2, "{}"); /* supersedes the parked one */
    settle_with(&l, 3, "c", JOB_DONE, 4);
    expect_sum(0, 0);
    shift(8 * DAY);
    expect_sum(1, 0);
    ck_assert_int_eq(has_content(2), 0);
    shift(23 * DAY);
    expect_sum(2, 0);
    ck_assert_int_eq(has_content(0), 0);
    ck_assert_int_eq(has_content(3), 0);
    /* one that was skipped comes back, and ends again behind everything */
    int n = 0;
    OK(st->ops->retry(st, &(struct job_id){"orders", 0, 1}, 1, true, &n, &err));
    ck_assert_int_eq(n, 1);
    settle_with(&l, 1, "b", JOB_DONE, -1);
    ck_assert_int_eq(has_content(1), 1);
    shift(31 * DAY);
    expect_sum(1, 0);
    ck_assert_int_eq(steps_of(1), 0);
    shift(371 * DAY); /* 402 days behind the end of all */
    expect_sum(0, 4);
    ck_assert_int_eq(count().done, 3);
    expect_sum(0, 0);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(y7_what_a_list_still_shows_stays)
{
    start(_i, 1);
    struct store_reader r = begin(st);
    append_to(st, &r, "a", 1, "{\"v\":1}", NULL, "d1");
    append_to(st, &r, "b", 1, "{\"v\":1}", NULL, "d1");
    struct store_lease l = take(st);
    settle_with(&l, 0, "a", JOB_DONE, 1);
    settle_with(&l, 1, "b", JOB_DONE, 2);
    shift(500 * DAY);
    expect_sum(0, 0);
    append_to(st, &r, "a", 2, "{\"v\":2}", NULL, "d2"); /* changed */
    append_to(st, &r, "b", 2, "{}", NULL, "");          /* gone */
    expect_sum(0, 2);
    ck_assert_int_eq(has_content(2), 1);
    settle_with(&l, 2, "a", JOB_DONE, 3);
    settle_with(&l, 3, "b", JOB_SKIPPED, 4);
    shift(31 * DAY);
    expect_sum(1, 0); /* the mark of b; a is shown */
    ck_assert_int_eq(has_content(2), 1);
    st->ops->read_end(st, &r, true);
    st->ops->release(st, &l);
}
END_TEST

/* A source that tells what changed has its last digests remembered too, and its records go. */
START_TEST(y7_what_was_read_again_goes)
{
    struct store_record record = {"a", 1, "{}", 2, "1.1", false};
    int added = 0, lost = 0;
    start(_i, 1);
    struct store_reader r = begin(st);
    OK(st->ops->append(st, &r, &record, 1, NULL, &added, &lost, &err));
    struct store_lease l = take(st);
    settle_with(&l, 0, "a", JOB_DONE, 1);
    shift(31 * DAY);
    expect_sum(1, 0);
    OK(st->ops->append(st, &r, &record, 1, NULL, &added, &lost, &err));
    ck_assert_int_eq(added, 0);
    st->ops->read_end(st, &r, true);
    st->ops->release(st, &l);
}
END_TEST

static struct store_link link_of(const char *k)
{
    struct store_link out;
    const char *scope = SCOPE;
    OK(st->ops->links_get(st, NULL, 1, &scope, &k, &out, &err));
    return out;
}

static void announce(struct store_lease *l, const char *k)
{
    int lost = 0;
    struct store_link_change maybe = {
        .scope = SCOPE, .key = k, .state = LINK_MAYBE,
        .begun = {.write = WRITE_CREATE, .ref = (char *)"R", .document = (char *)"{\"d\":1}"}};
    OK(st->ops->links_put(st, l, &maybe, 1, &lost, &err));
}

/* A write whose outcome nobody saw, and whose job somebody skipped: its document goes, and whatever
 * comes later looks before it writes. One that still waits keeps it. */
START_TEST(y7_documents_nobody_waits_for_go)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    struct store_lease l = take(st);
    announce(&l, "a");
    announce(&l, "b");
    settle_with(&l, 0, "a", JOB_SKIPPED, 1);
    settle_with(&l, 1, "b", JOB_PARKED, 2);
    shift(29 * DAY);
    ck_assert_int_eq(keep_all().documents, 0);
    shift(2 * DAY);
    ck_assert_int_eq(keep_all().documents, 1);
    struct store_link a = link_of("a"), b = link_of("b");
    ck_assert_int_eq(a.state, LINK_MAYBE);
    ck_assert_int_eq(a.begun.write, WRITE_RESTORED);
    ck_assert_ptr_null(a.begun.document);
    ck_assert_str_eq(b.begun.document, "{\"d\":1}");
    ck_assert_int_eq(b.begun.write, WRITE_CREATE);
    store_link_done(&a);
    store_link_done(&b);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(y7_for_ever_is_an_age)
{
    static const struct keeping ever = {KEEPING_EVER, KEEPING_EVER, KEEPING_EVER};
    struct keeping_place place = {0};
    struct keeping_sum sum = {0};
    start(_i, 1);
    add("a", 1, "{}");
    struct store_lease l = take(st);
    settle_with(&l, 0, "a", JOB_DONE, 1);
    shift(10000 * DAY);
    while (place.phase != KEEPING_END)
        OK(st->ops->keep(st, &ever, &place, &sum, &err));
    ck_assert_int_eq(sum.contents + sum.rows, 0);
    ck_assert_int_eq(has_content(0), 1);
    st->ops->release(st, &l);
}
END_TEST

/* ---- in the files ---- */

#define MANY 2000
#define PARTS 4
#define NEEDLE 24 /* bytes of a sealed text: never twice by chance */

static unsigned char needles[MANY * 3][NEEDLE];
static int needle_count;

/* The sealed texts as they stand in the file. */
static void gather(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW)
        memcpy(needles[needle_count++], sqlite3_column_blob(q, 0), NEEDLE);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

static unsigned char *content_of(const char *end, size_t *bytes)
{
    char name[128];
    struct stat stat_of;
    snprintf(name, sizeof name, "%s%s", path, end);
    int fd = open(name, O_RDONLY);
    *bytes = 0;
    if (fd < 0)
        return NULL;
    ck_assert_int_eq(fstat(fd, &stat_of), 0);
    *bytes = (size_t)stat_of.st_size;
    unsigned char *all = malloc(*bytes + 1);
    ck_assert_int_eq(read(fd, all, *bytes), (ssize_t)*bytes);
    close(fd);
    return all;
}

/* What begins like one of them, nearly always is one. */
static unsigned beginning(const unsigned char *at)
{
    return (unsigned)at[0] << 16 | (unsigned)at[1] << 8 | at[2];
}

/* How many of them stand in a file. */
static int found_in(const char *end)
{
    static unsigned char begins[1 << 24];
    size_t bytes;
    int n = 0;
    unsigned char *all = content_of(end, &bytes);
    for (int i = 0; i < needle_count; i++)
        begins[beginning(needles[i])] = 1;
    for (size_t at = 0; bytes >= NEEDLE && at <= bytes - NEEDLE; at++) {
        for (int i = 0; begins[beginning(all + at)] && i < needle_count; i++)
            n += memcmp(all + at, needles[i], NEEDLE) == 0;
    }
    free(all);
    return n;
}

static int64_t file_bytes(void)
{
    struct keeping_size size;
    OK(st->ops->size(st, &size, &err));
    ck_assert_int_gt(size.disk_free_bytes, 0);
    return size.file_bytes;
}

static void shrink_all(void)
{
    enum keeping_shrunk done = KEEPING_MORE;
    while (done != KEEPING_SHRUNK)
        OK(st->ops->shrink(st, &done, &err));
}

/* Records of all lengths, accepted in an order that splits pages. */
static void fill(void)
{
    static char text[20000];
    struct store_record records[50];
    struct store_reader r = begin(st);
    char names[50][32];
    int lost = 0, added = 0;
    memset(text, 'x', sizeof text);
    for (int at = 0; at < MANY; at += 50) {
        for (int i = 0; i < 50; i++) {
            size_t bytes = (size_t)((at + i) * 7919 % 3000 + ((at + i) % 97 == 0 ? 16000 : 20));
            snprintf(names[i], sizeof names[i], "key-%d", (at + i) * 31 % MANY);
            records[i] = (struct store_record){names[i], 1, text, bytes, NULL, false};
        }
        OK(st->ops->append(st, &r, records, 50, NULL, &added, &lost, &err));
    }
    st->ops->read_end(st, &r, true);
}

static void deliver_all(void)
{
    static char steps[700];
    struct store_outcome o[40];
    struct store_lease l;
    int lost;
    memset(steps, 's', sizeof steps);
    while (lease_of(st, &l) == 1) {
        struct store_batch b = read_log(&l, 40);
        for (int i = 0; i < b.count; i++)
            o[i] = (struct store_outcome){.off = b.jobs[i].off, .key = b.jobs[i].key,
                                          .state = i % 5 ? JOB_DONE : JOB_SKIPPED, .reason = "",
                                          .detail = "Jan Jansen", .activity = steps,
                                          .activity_bytes = (size_t)(i * 17 + 1)};
        OK(st->ops->settle(st, &l, b.next, o, b.count, &lost, &err));
        store_batch_done(&b);
        st->ops->release(st, &l);
    }
}

START_TEST(y7_nothing_is_left_in_any_file)
{
    start(0, PARTS);
    fill();
    deliver_all();
    add("last", 1, "{\"this\":\"stays\"}");
    gather("SELECT payload FROM log WHERE key <> 'last'");
    gather("SELECT steps FROM delivery WHERE steps IS NOT NULL");
    gather("SELECT words FROM delivery WHERE words IS NOT NULL");
    ck_assert_int_gt(needle_count, MANY * 5 / 2);
    ck_assert_int_ge(found_in("") + found_in("-wal"), needle_count);
    int64_t before = file_bytes();
    shift(8 * DAY);
    ck_assert_int_gt(keep_all().contents, 0);
    shift(23 * DAY);
    ck_assert_int_gt(keep_all().contents, 0);
    shrink_all();
    ck_assert_int_eq(found_in(""), 0);
    ck_assert_int_eq(found_in("-wal"), 0);
    ck_assert_int_lt(file_bytes(), before / 4);
    char copy[128];
    snprintf(copy, sizeof copy, "%s.copy", path);
    OK(st->ops->backup(st, copy, NULL, 0, &err));
    ck_assert_int_eq(found_in(".copy"), 0);
    ck_assert_int_eq(has_content(0), 0);
    struct store_counts c = count();
    ck_assert(c.read == MANY + 1 && c.done + c.skipped == MANY && c.pending == 1);
    shift(400 * DAY);
    ck_assert_int_eq(keep_all().rows, MANY);
    shrink_all();
    ck_assert_int_lt(file_bytes(), 60 * 8192); /* about one page for each table and index */
    c = count();
    ck_assert(c.read == MANY + 1 && c.done + c.skipped == MANY && c.pending == 1);
}
END_TEST

/* Somebody reads an older state, so the log has to wait for another time. */
START_TEST(y7_the_log_is_emptied_once_nobody_reads)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    enum keeping_shrunk done;
    struct keeping_size size;
    start(0, 1);
    add("a", 1, "{}");
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT * FROM log", -1, &q, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(q), SQLITE_ROW);
    add("b", 1, "{}");
    OK(st->ops->shrink(st, &done, &err));
    ck_assert_int_eq(done, KEEPING_BUSY);
    add("c", 1, "{}"); /* nobody is kept from writing */
    sqlite3_finalize(q);
    sqlite3_close(db);
    OK(st->ops->shrink(st, &done, &err));
    ck_assert_int_eq(done, KEEPING_SHRUNK);
    OK(st->ops->size(st, &size, &err));
    ck_assert_int_eq(size.wal_bytes, 0);
}
END_TEST

/* A page on its way into the file: only what is in no cell of a table or index is overwritten. */
START_TEST(y7_gaps_of_pages_are_overwritten_and_nothing_else)
{
    static unsigned char page[8192], before[8192];
    memset(page, 0xee, sizeof page);
    memcpy(page, "\x0d\0\0\0\2\x1f\x00\0\x1f\x80\x1f\x00", 12); /* two cells from 7936 on */
    memcpy(before, page, sizeof page);
    ck_assert(!scrub_page(page, sizeof page, 2)); /* a pointer map */
    ck_assert(!scrub_page(page, sizeof page, 2 + 1639));
    ck_assert(!scrub_page(page, sizeof page, INT64_C(1) << 24)); /* may be an overflow page */
    ck_assert_mem_eq(page, before, sizeof page);
    ck_assert(scrub_page(page, sizeof page, 3));
    ck_assert_mem_eq(page, before, 12);
    ck_assert_mem_eq(page + 7936, before + 7936, 8192 - 7936);
    for (size_t i = 12; i < 7936; i++)
        ck_assert_int_eq(page[i], 0);
    ck_assert(!scrub_page(page, sizeof page, 3));
    static const struct {
        size_t at;
        unsigned char value;
    } odd[] = {{0, 0}, {0, 1}, {0, 12}, {3, 0x40}, {5, 0x40}, {8, 0x1e}, {10, 0x3f}};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        memcpy(page, before, sizeof page);
        page[odd[i].at] = odd[i].value;
        ck_assert(!scrub_page(page, sizeof page, 3));
        ck_assert_int_eq(page[100], 0xee);
    }
}
END_TEST

/* What is locked while a customer is made is named after the e-mail address. */
START_TEST(x9_names_of_locks_are_in_no_file)
{
    static const char name[] = "till/relation>books/debtor|jan.jansen@example.nl";
    int taken = 0;
    start(0, 1);
    OK(st->ops->lock(st, name, 60000, &taken, &err));
    ck_assert_int_eq(taken, 1);
    OK(st->ops->lock(st, name, 60000, &taken, &err));
    ck_assert_int_eq(taken, 0);
    needle_count = 1;
    memcpy(needles[0], name + sizeof name - 1 - NEEDLE, NEEDLE);
    ck_assert_int_eq(found_in("") + found_in("-wal"), 0);
    st->ops->unlock(st, name);
    OK(st->ops->lock(st, name, 60000, &taken, &err));
    ck_assert_int_eq(taken, 1);
    st->ops->unlock(st, name);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, y7_each_outcome_has_its_age_and_what_has_not_ended_stays, 0, KINDS);
    tcase_add_loop_test(t, y7_what_ends_late_goes_later, 0, KINDS);
    tcase_add_loop_test(t, y7_what_a_list_still_shows_stays, 0, KINDS);
    tcase_add_loop_test(t, y7_what_was_read_again_goes, 0, KINDS);
    tcase_add_loop_test(t, y7_documents_nobody_waits_for_go, 0, KINDS);
    tcase_add_loop_test(t, y7_for_ever_is_an_age, 0, KINDS);
    tcase_add_test(t, y7_nothing_is_left_in_any_file);
    tcase_add_test(t, x9_names_of_locks_are_in_no_file);
    tcase_add_test(t, y7_the_log_is_emptied_once_nobody_reads);
    tcase_add_test(t, y7_gaps_of_pages_are_overwritten_and_nothing_else);
}

int main(void)
{
    return run_suite("store: keep", add_tests);
}
