/* SPDX-License-Identifier: MIT
 * Looking: jobs as rows and pages, one by one, their attempts, counts and reasons. */
#include "store_fixture.h"

static char all[400];

static int see(const char *a, const char *b)
{
    size_t at = strlen(all);
    snprintf(all + at, sizeof all - at, "%s=%s;", a, b);
    return 0;
}

static int see_row(void *arg, const struct store_job_row *r)
{
    (void)arg;
    return see(r->key, job_state_name(r->state));
}

static int see_activity(void *arg, const struct store_activity *a)
{
    char number[16];
    (void)arg;
    snprintf(number, sizeof number, "%d", a->attempt);
    ck_assert_int_gt(a->at_ms, 0);
    return see(number, a->steps ? a->steps : "(erased)");
}

static int see_reason(void *arg, enum job_state state, const char *reason, int64_t n)
{
    char text[64];
    (void)arg;
    snprintf(text, sizeof text, "%s/%d", reason, (int)n);
    return see(job_state_name(state), text);
}

static struct store_page page;

static int64_t row_at(int64_t off)
{
    struct store_job_row r = row_of(off);
    int64_t at = r.at_ms;
    store_job_row_done(&r);
    return at;
}

/* Where a job stands. */
static struct store_place place(const char *job)
{
    struct store_place p = {0};
    char flow[JOB_ID_BYTES];
    struct job_id id;
    ck_assert_int_eq(job_id_parse(job, flow, &id), 0);
    p.at_ms = row_at(id.off);
    snprintf(p.job, sizeof p.job, "%s", job);
    return p;
}

static const char *jobs(struct store_job_filter f, int limit, const char *after)
{
    struct store_place next = page.next;
    all[0] = '\0';
    page = (struct store_page){.limit = limit};
    if (after)
        page.after = strcmp(after, "next") == 0 ? next : place(after);
    OK(st->ops->jobs(st, &f, &page, see_row, NULL, &err));
    return all;
}

#define EXPECT_PAGE(text, limit, after, ...)                                                       \
    do {                                                                                           \
        const char *got = jobs((struct store_job_filter){__VA_ARGS__}, limit, after);              \
        ck_assert_str_eq(got, text);                                                               \
    } while (0)
#define EXPECT(text, ...) EXPECT_PAGE(text, 0, NULL, __VA_ARGS__)

START_TEST(lists)
{
    start(_i, 1);
    const char *const keys[] = {"a", "b", "c", "d", "a"};
    for (int i = 0; i < 5; i++) {
        add(keys[i], i, "{}");
        shift(1000);
    }
    struct store_lease l = take(st);
    end_as(&l, 0, "a", JOB_DONE, "", 0, 1);
    end_as(&l, 1, "b", JOB_PARKED, "x", 0, 2);
    end_as(&l, 2, "c", JOB_WAITING, "y", 9000, 3);
    EXPECT("a=new;d=new;c=waiting;b=parked;a=done;", .state = -1);
    EXPECT_PAGE("a=new;d=new;", 2, NULL, .state = -1);
    ck_assert(page.more && page.stepped == 2);
    EXPECT_PAGE("c=waiting;b=parked;", 2, "next", .state = -1);
    EXPECT_PAGE("a=done;", 2, "next", .state = -1);
    ck_assert(!page.more && page.looked_to_ms == 0);
    EXPECT_PAGE("", 2, "orders/0/0", .state = -1);
    EXPECT("b=parked;", .flow = "orders", .state = JOB_PARKED);
    EXPECT("", .flow = "orders", .state = JOB_PARKED, .reason = "y");
    EXPECT("c=waiting;", .state = -1, .reason = "y");
    EXPECT("a=new;a=done;", .state = -1, .key = "a");
    EXPECT("a=done;", .state = JOB_DONE, .key = "a", .flow = "orders");
    EXPECT_PAGE("a=done;", 0, "orders/0/4", .state = -1, .key = "a");
    EXPECT("d=new;", .state = JOB_NEW, .key = "d");
    EXPECT("a=new;d=new;", .state = JOB_NEW);
    EXPECT_PAGE("d=new;", 1, "orders/0/4", .state = JOB_NEW);
    EXPECT("c=waiting;", .state = JOB_WAITING);
    EXPECT("a=new;d=new;c=waiting;b=parked;a=done;", .flow = "orders", .state = -1);
    EXPECT_PAGE("c=waiting;b=parked;", 2, "orders/0/3", .flow = "orders", .state = -1);
    EXPECT("a=done;", .flow = "orders", .state = JOB_DONE);
    int64_t first = row_at(0), third = row_at(2);
    EXPECT("b=parked;a=done;", .state = -1, .to_ms = third);
    EXPECT("b=parked;a=done;", .flow = "orders", .state = -1, .to_ms = third);
    EXPECT("a=new;d=new;c=waiting;b=parked;", .state = -1, .from_ms = first + 1);
    EXPECT("c=waiting;", .flow = "orders", .state = -1, .from_ms = third, .to_ms = third + 1);
    EXPECT("", .flow = "nobody", .state = -1);
    all[0] = '\0';
    OK(st->ops->reasons(st, "orders", see_reason, NULL, &err));
    ck_assert_str_eq(all, "done=/1;parked=x/1;waiting=y/1;");
    struct store_job_row r = row_of(2);
    ck_assert_int_ge(r.due_ms, clock_now_ms() + 8000);
    ck_assert_int_eq(r.version, 2);
    store_job_row_done(&r);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(one_job)
{
    char *payload = NULL;
    int found = 1;
    struct store_job_row r;
    start(_i, 1);
    add("a", 1, "{\"x\":1}");
    struct store_lease l = take(st);
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_WAITING, .reason = "r",
                              .detail = "why", .facts = "{\"table\":\"vat\"}", .brief = "{\"n\":1}",
                              .remote_id = "77", .counts = true, .activity = "[1]",
                              .activity_bytes = 3};
    settle_one(st, &l, 1, &o);
    OK(st->ops->job(st, (struct job_id){"orders", 0, 0}, &r, &payload, &found, &err));
    ck_assert_int_eq(found, 1);
    ck_assert_str_eq(payload, "{\"x\":1}");
    ck_assert_str_eq(r.flow, "orders");
    ck_assert_str_eq(r.detail, "why");
    ck_assert_str_eq(r.facts, "{\"table\":\"vat\"}");
    ck_assert_str_eq(r.brief, "{\"n\":1}");
    ck_assert_str_eq(r.remote_id, "77");
    store_job_row_done(&r);
    free(payload);
    /* each attempt that counts keeps its steps; the last one's stand in front of the others */
    o.counts = false;
    o.activity = "[2]";
    settle_one(st, &l, -1, &o);
    o.counts = true;
    o.facts = o.detail = NULL;
    o.activity = "[3]";
    o.state = JOB_DONE;
    settle_one(st, &l, -1, &o);
    all[0] = '\0';
    OK(st->ops->activity(st, (struct job_id){"orders", 0, 0}, see_activity, NULL, &err));
    ck_assert_str_eq(all, "1=[1];2=[3];");
    r = row_of(0);
    ck_assert_ptr_null(r.detail);
    ck_assert_ptr_null(r.facts);
    ck_assert_str_eq(r.brief, "{\"n\":1}");
    store_job_row_done(&r);
    OK(st->ops->job(st, (struct job_id){"orders", 0, 99}, &r, &payload, &found, &err));
    ck_assert_int_eq(found, 0);
    OK(st->ops->job(st, (struct job_id){"nobody", 0, 0}, &r, &payload, &found, &err));
    ck_assert_int_eq(found, 0);
    OK(st->ops->activity(st, (struct job_id){"orders", -1, 0}, see_activity, NULL, &err));
    st->ops->release(st, &l);
}
END_TEST

/* The words of what was superseded tell that, and keep by which a person knows the record. */
START_TEST(superseded_words)
{
    start(_i, 1);
    add("a", 1, "{}");
    add("a", 2, "{}");
    struct store_lease l = take(st);
    struct store_outcome o = {.off = 0, .key = "a", .state = JOB_PARKED, .reason = "r",
                              .detail = "why", .brief = "{\"n\":1}"};
    settle_one(st, &l, 1, &o);
    end_as(&l, 1, "a", JOB_DONE, "", 0, 2);
    struct store_job_row r = row_of(0);
    ck_assert_str_eq(r.reason, "superseded");
    ck_assert_ptr_nonnull(strstr(r.detail, "newer version"));
    ck_assert_str_eq(r.brief, "{\"n\":1}");
    store_job_row_done(&r);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(addresses)
{
    char text[JOB_ID_BYTES], flow[JOB_ID_BYTES];
    struct job_id id;
    enum job_state state;
    ck_assert_int_eq(job_id_format((struct job_id){"a/b", 3, 12}, text), 8);
    ck_assert_int_eq(job_id_parse(text, flow, &id), 0);
    ck_assert_str_eq(id.flow, "a/b");
    ck_assert(id.part == 3 && id.off == 12);
    static const char *const bad[] = {"", "a", "a/1", "/1/2", "a/x/1", "a/1/", "a/01/2", "a/-1/2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(job_id_parse(bad[i], flow, &id), -1);
    for (int i = JOB_NEW; i <= JOB_WAITING; i++) {
        ck_assert_int_eq(job_state_parse(job_state_name((enum job_state)i), &state), 0);
        ck_assert_int_eq(state, i);
    }
    ck_assert_int_eq(job_state_parse("sending", &state), -1);
    ck_assert_str_eq(link_state_name(LINK_MAYBE), "maybe");
}
END_TEST

static struct store_standing stands(const char *flow)
{
    struct store_standing out = {1, 1, 1, 1};
    OK(st->ops->standing(st, flow, &out, &err));
    return out;
}

/* Of several flows and partitions, each with its own clock. */
START_TEST(since_when_things_stand)
{
    struct store_lease l;
    struct store_batch b;
    start(_i, 1);
    OK(st->ops->flow_declare(st, "other", 4, &err));
    struct store_standing none = stands("nobody");
    ck_assert(none.accepted_ms == 0 && none.undelivered_ms == 0 && none.parked_ms == 0 &&
              none.causes == 0);
    none = stands("orders");
    ck_assert(none.accepted_ms == 0 && none.undelivered_ms == 0 && none.parked_ms == 0);
    for (int i = 0; i < 5; i++) {
        char k[2] = {(char)('a' + i), 0};
        add(k, 1, "{}");
        shift(1000);
    }
    struct store_standing s = stands("orders");
    ck_assert_int_eq(s.accepted_ms, row_at(4));
    ck_assert_int_eq(s.undelivered_ms, row_at(0));
    ck_assert_int_eq(s.parked_ms, 0);
    l = take(st);
    b = read_log(&l, 10);
    store_batch_done(&b);
    struct store_outcome o[] = {
        {.off = 0, .key = "a", .state = JOB_DONE, .reason = "", .counts = true},
        {.off = 1, .key = "b", .state = JOB_PARKED, .reason = "x", .cause = "one", .counts = true},
        {.off = 2, .key = "c", .state = JOB_WAITING, .reason = "y", .retry_in_ms = 1000,
         .counts = true},
        {.off = 3, .key = "d", .state = JOB_PARKED, .reason = "x", .cause = "two", .counts = true}};
    int lost = 0;
    OK(st->ops->settle(st, &l, 4, o, 4, &lost, &err));
    s = stands("orders");
    ck_assert_int_eq(s.undelivered_ms, row_at(2)); /* what waits is older than what is in the log */
    ck_assert_int_eq(s.parked_ms, row_at(1));
    ck_assert_int_eq(s.causes, 2);
    ck_assert_int_eq(end_as(&l, 2, "c", JOB_DONE, "", 0, -1), 0);
    s = stands("orders");
    ck_assert_int_eq(s.undelivered_ms, row_at(4));
    ck_assert_int_eq(end_as(&l, 4, "e", JOB_DONE, "", 0, 5), 0);
    s = stands("orders");
    ck_assert_int_eq(s.undelivered_ms, 0);
    ck_assert_int_eq(s.accepted_ms, row_at(4));
    none = stands("other");
    ck_assert(none.accepted_ms == 0 && none.undelivered_ms == 0 && none.parked_ms == 0 &&
              none.causes == 0);
    st->ops->release(st, &l);
}
END_TEST

START_TEST(room_and_what_is_being_written)
{
    start(_i, 1);
    add("a", 1, "{}");
    int64_t room = st->ops->room(st);
    ck_assert(_i == 0 ? room > 0 : room == -1); /* in memory nobody can say */
    /* but for a chore of its own, which takes a moment */
    for (int tries = 0; st->ops->busy_ms(st) != 0; tries++) {
        ck_assert_int_lt(tries, 1000);
        usleep(10000);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, since_when_things_stand, 0, KINDS);
    tcase_add_loop_test(t, room_and_what_is_being_written, 0, KINDS);
    tcase_add_loop_test(t, lists, 0, KINDS);
    tcase_add_loop_test(t, one_job, 0, KINDS);
    tcase_add_loop_test(t, superseded_words, 0, KINDS);
    tcase_add_test(t, addresses);
}

int main(void)
{
    return run_suite("store: list", add_tests);
}
