/* SPDX-License-Identifier: MIT
 * Jobs in pages and by words, against what a plain look at all of them finds; and the index that is
 * written behind them. */
#include "store_fixture.h"

#include <sqlite3.h>

#define FLOWS 3
#define JOBS 400
#define WORDS 6

static const char *const flows[FLOWS] = {"orders", "stock", "rare"};
static const int parts[FLOWS] = {4, 3, 2};
static const char *const vocabulary[WORDS] = {"de", "vries", "bv", "jan", "info", "2026"};
static const char *const reasons[] = {"", "filtered", "map.unmapped", "held"};
static const char *const causes[] = {NULL, NULL, "one", "two"};

/* What is known of each job without the store. */
struct known {
    int flow, part;
    int64_t off, at;
    char key[24];
    enum job_state state;
    unsigned words; /* a bit each; the job's own word beside them */
};

static struct known jobs[JOBS];
static int job_count;
static unsigned seed = 1;

static unsigned dice(unsigned sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* ---- making them ---- */

static void append_some(int flow, int count)
{
    struct store_reader r;
    int none;
    OK(st->ops->read_begin(st, flows[flow], &r, &none, &err));
    for (int i = 0; i < count; i++) {
        struct known *k = &jobs[job_count];
        snprintf(k->key, sizeof k->key, "k%d", job_count);
        k->flow = flow;
        k->part = store_partition(k->key, parts[flow]);
        k->state = JOB_NEW;
        for (int o = 0; o < job_count; o++)
            k->off += jobs[o].flow == flow && jobs[o].part == k->part;
        append_to(st, &r, k->key, 1, "{}", NULL, NULL);
        job_count++;
        if (dice(3) == 0)
            shift(dice(50)); /* some come at the same moment */
    }
    st->ops->read_end(st, &r, false);
}

static struct known *known_of(const char *name)
{
    return &jobs[atoi(name + 1)];
}

static void settle_known(struct store_lease *l, struct known *k, int64_t cursor)
{
    static const enum job_state states[] = {JOB_DONE, JOB_SKIPPED, JOB_PARKED, JOB_WAITING};
    const char *words[WORDS + 1] = {k->key};
    int n = 1, lost = 0;
    k->state = states[dice(4)];
    for (int w = 0; w < WORDS; w++) {
        if (dice(2) == 0) {
            words[n++] = vocabulary[w];
            k->words |= 1u << w;
        }
    }
    struct store_outcome o = {.off = k->off, .key = k->key, .state = k->state,
                              .reason = reasons[k->state - 1], .cause = causes[k->state - 1],
                              .retry_in_ms = 1 << 30, .counts = true, .words = words,
                              .word_count = n};
    OK(st->ops->settle(st, l, cursor, &o, 1, &lost, &err));
}

/* Delivers about so many of a flow, in the order of their partitions. */
static void deliver_some(int flow, int count)
{
    while (count > 0) {
        struct store_lease l;
        struct store_batch b;
        int n = 0;
        OK(st->ops->lease(st, &flows[flow], 1, 1, &l, &n, &err));
        if (n == 0)
            return;
        OK(st->ops->read(st, &l, count, 1 << 20, &b, &err));
        for (int i = 0; i < b.count; i++) {
            ck_assert_int_eq(known_of(b.jobs[i].key)->off, b.jobs[i].off);
            ck_assert_int_eq(known_of(b.jobs[i].key)->part, b.jobs[i].part);
            settle_known(&l, known_of(b.jobs[i].key), b.jobs[i].off + 1);
        }
        count -= b.count;
        store_batch_done(&b);
        st->ops->release(st, &l);
    }
}

/* The index begins another segment with the next job. */
static void close_segment(int kind)
{
    sqlite3 *db = NULL;
    OK(st->ops->tidy(st, &err));
    if (kind != 0)
        return;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    ck_assert_int_eq(sqlite3_exec(db, "UPDATE segment SET jobs = 100000", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
}

static void make_world(int kind)
{
    const char *from = getenv("KOPPEL_SEED");
    seed = from ? (unsigned)atoi(from) : (unsigned)getpid();
    printf("seed %u\n", seed);
    st = open_store(kind, true);
    for (int f = 0; f < FLOWS; f++)
        OK(st->ops->flow_declare(st, flows[f], parts[f], &err));
    job_count = 0;
    memset(jobs, 0, sizeof jobs);
    while (job_count + 60 <= JOBS) {
        int flow = dice(10) == 0 ? 2 : (int)dice(2);
        append_some(flow, flow == 2 ? 2 : 20 + (int)dice(40));
        deliver_some((int)dice(FLOWS), (int)dice(60));
        if (dice(4) == 0)
            OK(st->ops->tidy(st, &err));
        if (dice(4) == 0)
            close_segment(kind);
    }
    for (int i = 0; i < job_count; i++) {
        struct store_job_row r;
        int found;
        OK(st->ops->job(st, (struct job_id){flows[jobs[i].flow], jobs[i].part, jobs[i].off}, &r,
                        NULL, &found, &err));
        ck_assert_int_eq(found, 1);
        ck_assert_str_eq(r.key, jobs[i].key);
        jobs[i].at = r.at_ms;
        store_job_row_done(&r);
    }
}

/* ---- looking at all of them ---- */

static bool fits(const struct known *k, const struct store_job_filter *f)
{
    for (int i = 0; i < f->word_count; i++) {
        bool has = k->state != JOB_NEW && strcmp(f->words[i], k->key) == 0;
        for (int w = 0; w < WORDS; w++)
            has = has || (k->words >> w & 1 && strcmp(f->words[i], vocabulary[w]) == 0);
        if (!has && !(f->or_key && strcmp(f->or_key, k->key) == 0))
            return false;
    }
    return (!f->flow || strcmp(f->flow, flows[k->flow]) == 0) &&
           (f->state < 0 || f->state == (int)k->state) &&
           (!f->reason || (k->state != JOB_NEW && strcmp(f->reason, reasons[k->state - 1]) == 0)) &&
           (!f->key || strcmp(f->key, k->key) == 0) && k->at >= f->from_ms &&
           (!f->to_ms || k->at < f->to_ms);
}

/* Flows are numbered as they were declared. */
static int newest_first(const void *a, const void *b)
{
    const struct known *x = *(const struct known *const *)a, *y = *(const struct known *const *)b;
    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    if (x->flow != y->flow)
        return y->flow - x->flow;
    if (x->part != y->part)
        return y->part - x->part;
    return x->off > y->off ? -1 : 1;
}

static const struct known *expected[JOBS];
static int expected_count, got_count;

static void expect(const struct store_job_filter *f)
{
    expected_count = got_count = 0;
    for (int i = 0; i < job_count; i++) {
        if (fits(&jobs[i], f))
            expected[expected_count++] = &jobs[i];
    }
    qsort(expected, (size_t)expected_count, sizeof expected[0], newest_first);
}

static int compare_row(void *arg, const struct store_job_row *r)
{
    (void)arg;
    ck_assert_msg(got_count < expected_count, "one too many: %s", r->key);
    ck_assert_str_eq(r->key, expected[got_count]->key);
    ck_assert_int_eq(r->state, expected[got_count]->state);
    got_count++;
    return 0;
}

static int compare_pick(void *arg, const struct store_pick *p)
{
    (void)arg;
    ck_assert_int_lt(got_count, expected_count);
    ck_assert_str_eq(p->key, expected[got_count]->key);
    ck_assert_int_eq(p->cause != 0, p->state == JOB_PARKED || p->state == JOB_WAITING);
    got_count++;
    return 0;
}

/* All pages of a filter, one after another. */
static void compare(struct store_job_filter f, int limit)
{
    struct store_page page = {.limit = limit, .budget_ms = 60000};
    expect(&f);
    do {
        OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
        page.after = page.next;
    } while (page.more);
    ck_assert_int_eq(got_count, expected_count);
    got_count = 0;
    OK(st->ops->pick(st, &f, compare_pick, NULL, &err));
    ck_assert_int_eq(got_count, expected_count);
}

START_TEST(pages_are_those_of_a_plain_look)
{
    make_world(_i);
    for (int n = 0; n < 150; n++) {
        const char *words[3];
        struct store_job_filter f = {.state = (int)dice(7) - 1};
        if (f.state > JOB_WAITING)
            f.state = -1;
        if (dice(2))
            f.flow = flows[dice(FLOWS)];
        if (dice(4) == 0)
            f.reason = reasons[1 + dice(3)];
        if (dice(5) == 0)
            f.key = jobs[dice((unsigned)job_count)].key;
        if (dice(3) == 0)
            f.from_ms = jobs[dice((unsigned)job_count)].at;
        if (dice(3) == 0)
            f.to_ms = jobs[dice((unsigned)job_count)].at;
        f.words = words;
        f.word_count = dice(2) ? (int)dice(4) : 0;
        for (int i = 0; i < f.word_count; i++)
            words[i] = dice(8) ? vocabulary[dice(WORDS)] : jobs[dice((unsigned)job_count)].key;
        if (f.word_count == 1 && dice(2))
            f.or_key = words[0];
        compare(f, 1 + (int)dice(40));
    }
}
END_TEST

static int64_t cause_found;

static int see_cause(void *arg, const struct store_cause *c)
{
    (void)arg;
    if (strcmp(c->reason, "map.unmapped") == 0 && strcmp(c->flow, "orders") == 0)
        cause_found = c->id;
    return 0;
}

START_TEST(pages_of_a_cause)
{
    make_world(_i);
    deliver_some(0, 200);
    cause_found = 0;
    OK(st->ops->causes(st, NULL, 0, see_cause, NULL, &err));
    ck_assert(cause_found != 0);
    struct store_job_filter same = {.flow = "orders", .state = JOB_PARKED};
    struct store_job_filter f = {.state = -1, .cause = cause_found};
    for (int limit = 1; limit < 50; limit += 7) {
        struct store_page page = {.limit = limit};
        expect(&same);
        do {
            OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
            page.after = page.next;
        } while (page.more);
        ck_assert_int_eq(got_count, expected_count);
    }
    /* beside another filter */
    const char *word = vocabulary[0];
    same.words = f.words = &word;
    same.word_count = f.word_count = 1;
    struct store_page page = {.limit = JOBS};
    expect(&same);
    OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
    ck_assert_int_eq(got_count, expected_count);
}
END_TEST

/* ---- the index ---- */

static int count_word(const char *word)
{
    struct store_job_filter f = {.state = -1, .words = &word, .word_count = 1};
    struct store_page page = {.limit = 0};
    got_count = 0;
    expected_count = JOBS;
    for (int i = 0; i < JOBS; i++)
        expected[i] = &jobs[0];
    OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
    return got_count;
}

static void settle_words(struct store_lease *l, int64_t off, enum job_state state,
                         const char *const *words, int n)
{
    struct store_outcome o = {.off = off, .key = "k0", .state = state, .reason = "", .counts = true,
                              .words = words, .word_count = n};
    int lost;
    jobs[0].state = state;
    OK(st->ops->settle(st, l, off + 1, &o, 1, &lost, &err));
}

/* What is settled anew is found by its new words too, in the index or not yet; one that says
 * nothing new keeps those that it had. */
START_TEST(words_of_what_is_settled_anew)
{
    static const char *const first[] = {"one", "two"}, *const then[] = {"one", "three"};
    start(_i, 1);
    add("k0", 1, "{}");
    snprintf(jobs[0].key, sizeof jobs[0].key, "k0");
    struct store_lease l = take(st);
    settle_words(&l, 0, JOB_WAITING, first, 2);
    ck_assert_int_eq(count_word("two"), 1);
    OK(st->ops->tidy(st, &err));
    ck_assert_int_eq(count_word("two"), 1);
    settle_words(&l, 0, JOB_WAITING, NULL, 0);
    ck_assert_int_eq(count_word("two"), 1);
    settle_words(&l, 0, JOB_DONE, then, 2);
    ck_assert_int_eq(count_word("three"), 1);
    ck_assert_int_eq(count_word("one"), 1);
    OK(st->ops->tidy(st, &err));
    OK(st->ops->tidy(st, &err));
    ck_assert_int_eq(count_word("three"), 1);
    ck_assert_int_eq(count_word("one"), 1);
    ck_assert_int_eq(count_word("four"), 0);
    st->ops->release(st, &l);
}
END_TEST

static int64_t rows_of(const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

/* Retention takes a job out of the index with its contents, and no other one. */
START_TEST(words_go_with_the_contents)
{
    const struct keeping ages = {.done_ms = 30000, .skipped_ms = KEEPING_EVER,
                                 .rows_ms = KEEPING_EVER};
    struct keeping_place at = {0};
    struct keeping_sum sum = {0};
    make_world(0);
    OK(st->ops->tidy(st, &err));
    shift(60000);
    while (at.phase != KEEPING_END)
        OK(st->ops->keep(st, &ages, &at, &sum, &err));
    int left = 0;
    for (int i = 0; i < job_count; i++) {
        struct store_job_row r;
        int found;
        OK(st->ops->job(st, (struct job_id){flows[jobs[i].flow], jobs[i].part, jobs[i].off}, &r,
                        NULL, &found, &err));
        if (jobs[i].state == JOB_DONE)
            jobs[i].key[0] = '\0'; /* found by nothing any more */
        else
            left += jobs[i].state != JOB_NEW;
        store_job_row_done(&r);
    }
    ck_assert_int_gt(sum.contents, 0);
    ck_assert_int_eq(rows_of("SELECT count(DISTINCT job) FROM word_job"), left);
    for (int w = 0; w < WORDS; w++) {
        struct store_job_filter f = {.state = -1, .words = &vocabulary[w], .word_count = 1};
        for (int i = 0; i < job_count; i++)
            jobs[i].words = jobs[i].state == JOB_DONE ? 0 : jobs[i].words;
        compare(f, 30);
    }
    ck_assert_int_eq(rows_of("SELECT count(*) FROM word w WHERE NOT EXISTS(SELECT 1 FROM word_job j"
                             " WHERE j.id = w.segment << 20 | w.seq)"), 0);
}
END_TEST

/* The index is written by itself, soon after. */
START_TEST(the_index_follows_by_itself)
{
    static const char *const words[] = {"one"};
    start(0, 1);
    add("k0", 1, "{}");
    struct store_lease l = take(st);
    settle_words(&l, 0, JOB_DONE, words, 1);
    st->ops->release(st, &l);
    int64_t n = 0;
    for (int i = 0; i < 1000 && n == 0; i++, usleep(10000))
        n = rows_of("SELECT count(*) FROM word");
    ck_assert_int_eq(n, 1);
}
END_TEST

/* A rare thing is not searched for to the end; what comes next goes on where it stopped. */
START_TEST(a_page_ends_when_its_time_is_up)
{
    start(_i, 2);
    struct store_reader r = begin(st);
    struct store_record records[500];
    char keys[500][8];
    int lost, added, pages = 0;
    for (int i = 0; i < 500; i++) {
        snprintf(keys[i], sizeof keys[i], "%d", i);
        records[i] = (struct store_record){.key = keys[i], .version = 1, .payload = "{}",
                                           .payload_bytes = 2};
    }
    for (int i = 0; i < 12; i++) {
        shift(10);
        OK(st->ops->append(st, &r, records, 500, NULL, &added, &lost, &err));
    }
    st->ops->read_end(st, &r, true);
    struct store_job_filter f = {.flow = "orders", .state = JOB_DONE};
    struct store_page page = {.budget_ms = 1};
    int64_t stepped = 0, before = INT64_MAX;
    expected_count = 0;
    do {
        OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
        ck_assert(!page.more || (page.looked_to_ms > 0 && page.looked_to_ms <= before));
        before = page.looked_to_ms;
        stepped += page.stepped;
        page.after = page.next;
        pages++;
    } while (page.more);
    ck_assert_int_eq(stepped, 6000);
    ck_assert_int_gt(pages, 1);
    /* what the filter names is walked, not all of it */
    page = (struct store_page){0};
    f.state = JOB_PARKED;
    OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
    ck_assert_int_eq(page.stepped, 0);
    f = (struct store_job_filter){.state = -1, .key = "7"};
    got_count = 0;
    expected_count = JOBS;
    for (int i = 0; i < JOBS; i++)
        expected[i] = &jobs[0];
    snprintf(jobs[0].key, sizeof jobs[0].key, "7");
    jobs[0].state = JOB_NEW;
    OK(st->ops->jobs(st, &f, &page, compare_row, NULL, &err));
    ck_assert_int_eq(page.stepped, 12);
}
END_TEST

/* A clock that was set back a little does not disturb the order. */
START_TEST(a_clock_that_goes_back)
{
    start(_i, 1);
    add("k0", 1, "{}");
    shift(-60000);
    add("k1", 1, "{}");
    struct store_job_row a = row_of(0), b = row_of(1);
    ck_assert_int_ge(b.at_ms, a.at_ms);
    store_job_row_done(&b);
    shift(-7200000);
    add("k2", 1, "{}");
    b = row_of(2);
    ck_assert_int_lt(b.at_ms, a.at_ms); /* but one that was wrong altogether is corrected */
    store_job_row_done(&a);
    store_job_row_done(&b);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, pages_are_those_of_a_plain_look, 0, KINDS);
    tcase_add_loop_test(t, pages_of_a_cause, 0, KINDS);
    tcase_add_loop_test(t, words_of_what_is_settled_anew, 0, KINDS);
    tcase_add_test(t, words_go_with_the_contents);
    tcase_add_test(t, the_index_follows_by_itself);
    tcase_add_loop_test(t, a_page_ends_when_its_time_is_up, 0, KINDS);
    tcase_add_loop_test(t, a_clock_that_goes_back, 0, KINDS);
}

int main(void)
{
    return run_suite("store: search", add_tests);
}
