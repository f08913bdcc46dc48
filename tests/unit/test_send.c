/* SPDX-License-Identifier: MIT
 * core/flow/send.c: what is announced, sent, and not sent after all. */
#include "store_fixture.h"

#include "connection/connection_write.h"
#include "connection/instance.h"
#include "flow/send.h"

static struct store_lease lease;
static struct links links;
static struct connection books;
static struct conf_connection books_conf;
static struct conf_flow conf = {.name = "orders", .to = &books_conf};
static struct cat_entity entity = {.batch_write = 2};
static atomic_bool stopped;
static struct flow flow;
static struct send one, two;

/* What the connector does with each of its items, in the place of requests. */
static struct {
    bool asks[2], done[2]; /* a request that changes something; what is told of it */
    bool late;             /* the lease is over before its last one */
    const char *ended;     /* why it ends behind the last one; NULL: it does not say */
} connector;

int connection_write(struct connection *c, const char *name, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, struct http_leave *leave, json_t *trace,
                     struct koppel_error *e)
{
    (void)c, (void)name, (void)verb, (void)flags, (void)items, (void)trace;
    for (int i = 0; i < count; i++) {
        if (i == count - 1 && connector.late)
            shift(store_left_ms(lease.hold) - SEND_LEFT_MS / 2);
        if (connector.asks[i] && !leave->may(leave->arg))
            return err_reason(e, KOPPEL_E_CANCELLED, HTTP_LEASE_OVER, "books: it was not sent");
        leave->left = leave->left || connector.asks[i];
        if (connector.done[i])
            OK(results_add_done(out, (uint32_t)i, "7", NULL, e));
    }
    return err_reason(e, KOPPEL_E_CANCELLED, connector.ended ? connector.ended : "",
                      "books: stopping");
}

static void plan(struct send *s, const char *k)
{
    *s = (struct send){.entity = &entity, .scope = "s", .key = k, .write = WRITE_CREATE,
                       .record = json_pack("{s:s}", "number", k)};
    snprintf(s->job_key, sizeof s->job_key, "job/%s", k);
    OK(links_get(&links, "s", k, &s->link, &err));
}

static void begin_sends(void)
{
    setup();
    start(0, 1);
    add("a", 1, "{}");
    add("b", 1, "{}");
    lease = take(st);
    links_init(&links, st, &lease);
    books = (struct connection){.conf = &books_conf, .breaker = breaker_new("books")};
    flow = (struct flow){.conf = &conf, .to = &books, .store = st, .stop = &stopped};
    memset(&connector, 0, sizeof connector);
    plan(&one, "a");
    plan(&two, "b");
}

static void end_sends(void)
{
    send_done(&one);
    send_done(&two);
    json_decref(one.record);
    json_decref(two.record);
    breaker_free(books.breaker);
    links_done(&links);
    st->ops->release(st, &lease);
    teardown();
}

/* What the store knows of a link, behind all that is here. */
static enum link_state stored(const char *k)
{
    struct links anew;
    struct store_link *link;
    links_init(&anew, st, &lease);
    OK(links_get(&anew, "s", k, &link, &err));
    enum link_state state = link->state;
    links_done(&anew);
    return state;
}

static void go(int count)
{
    struct send *sends[] = {&one, &two};
    OK(send_announce(&links, sends, count, &err));
    ck_assert_int_eq(stored("a"), LINK_MAYBE);
    send_all(&flow, &links, sends, count);
}

static void expect_unsent(const struct send *s)
{
    ck_assert(!s->sent && !s->done && !s->put);
    ck_assert_int_eq(s->err.kind, 0);
    ck_assert_int_eq(s->link->state, LINK_ABSENT);
    ck_assert_int_eq(stored(s->key), LINK_ABSENT);
}

static void expect_doubt(const struct send *s)
{
    ck_assert(s->sent && !s->done && s->put);
    ck_assert_int_eq(s->err.kind, KOPPEL_E_CANCELLED);
    ck_assert_int_eq(s->link->state, LINK_MAYBE);
    ck_assert_int_eq(s->link->begun.write, WRITE_CREATE);
    ck_assert_int_eq(stored(s->key), LINK_MAYBE);
}

START_TEST(what_did_not_leave_is_as_it_was)
{
    connector.asks[0] = connector.late = true;
    go(1);
    expect_unsent(&one);
}
END_TEST

START_TEST(what_left_may_be_there)
{
    connector.asks[0] = true;
    go(1);
    expect_doubt(&one);
}
END_TEST

/* The flow stops while the connector looks something up, or waits for its turn. */
START_TEST(what_was_stopped_before_it_left_is_as_it_was)
{
    connector.ended = HTTP_STOPPED;
    go(1);
    expect_unsent(&one);
}
END_TEST

START_TEST(what_was_stopped_behind_a_request_may_be_there)
{
    connector.asks[0] = true;
    connector.ended = HTTP_STOPPED;
    go(1);
    expect_doubt(&one);
}
END_TEST

/* Whose request it was that left, nobody tells. */
START_TEST(what_may_have_left_with_others_may_be_there)
{
    connector.asks[0] = connector.asks[1] = connector.late = true;
    go(2);
    expect_doubt(&one);
    expect_doubt(&two);
}
END_TEST

/* A connector that changed something in another way than by a request. */
START_TEST(what_is_done_is_done_without_a_request)
{
    connector.done[0] = connector.asks[1] = connector.late = true;
    go(2);
    ck_assert(one.sent && one.done);
    ck_assert_str_eq(one.link->id, "7");
    expect_unsent(&two);
}
END_TEST

START_TEST(a_connector_that_stops_does_not_say_how_far_it_came)
{
    go(1);
    expect_doubt(&one);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("send");
    TCase *t = tcase_create("send");
    tcase_add_checked_fixture(t, begin_sends, end_sends);
    tcase_add_test(t, what_did_not_leave_is_as_it_was);
    tcase_add_test(t, what_left_may_be_there);
    tcase_add_test(t, what_was_stopped_before_it_left_is_as_it_was);
    tcase_add_test(t, what_was_stopped_behind_a_request_may_be_there);
    tcase_add_test(t, what_may_have_left_with_others_may_be_there);
    tcase_add_test(t, what_is_done_is_done_without_a_request);
    tcase_add_test(t, a_connector_that_stops_does_not_say_how_far_it_came);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
