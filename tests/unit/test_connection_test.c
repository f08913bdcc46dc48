/* SPDX-License-Identifier: MIT
 * core/connection/connection_test.c with a connector of the test's own: its steps, the rights that
 * flows need, the read in the end, and what is not tried. Hosts and TLS are tests/integration's. */
#include "inside.h"
#include "connection/connection_test.h"
#include "unit.h"

/* ---- what was told ---- */

static char told[2048]; /* "answer ok; rights/thing failed size (text); read untried" */
static char advice[256]; /* of the last that has one */
static int listens;     /* so many steps are listened to; 0: all */
static struct koppel_list facts;
static bool warned;

static int take(void *arg, const struct connection_test_step *step)
{
    static const char *const outcomes[] = {"ok", "warning", "failed", "untried"};
    size_t n = strlen(told);

    (void)arg;
    ck_assert(step->outcome == CONNECTION_TEST_UNTRIED ? step->ms == 0 : step->ms >= 0);
    snprintf(told + n, sizeof told - n, "%s%s%s%s %s%s%s%s%s%s", n ? "; " : "", step->step,
             step->of[0] ? "/" : "", step->of, outcomes[step->outcome], step->setting ? " " : "",
             step->setting ? step->setting : "", step->text[0] ? " (" : "", step->text,
             step->text[0] ? ")" : "");
    if (step->advice)
        snprintf(advice, sizeof advice, "%s", step->advice);
    return listens > 0 && --listens == 0 ? -1 : 0;
}

/* ---- flows: things are read by one, and needed by one that is off; logs only written ---- */

static struct conf_flow flows[3];
static struct conf whole;

static int test(void)
{
    flows[0] = (struct conf_flow){.name = "out", .enabled = true, .from = &conf,
                                  .from_entity = "thing"};
    flows[1] = (struct conf_flow){.name = "in", .to = &conf, .to_entity = "thing"};
    flows[2] = (struct conf_flow){.name = "logs", .enabled = true, .to = &conf, .to_entity = "log"};
    whole = (struct conf){.flows = flows, .flow_count = 3};
    told[0] = advice[0] = '\0';
    list_done(&facts);
    err = (struct koppel_error){0};
    return connection_test(connection, &whole, take, NULL, &facts, &warned, &err);
}

static int read_one(struct instance_state *s, const struct koppel_read_request *r,
                    struct koppel_batch *out, struct koppel_error *e)
{
    ck_assert_uint_eq(r->limit, 1);
    ck_assert_int_eq(s->host->emit(out, "a", 0, json_pack("{s:s}", "id", "a"), e), 0);
    return s->host->batch_end(out, "a", 1, e);
}

static int find_none(struct instance_state *s, const struct koppel_find_request *r,
                     struct koppel_results *out, struct koppel_error *e)
{
    (void)s;
    (void)out;
    (void)e;
    ck_assert_str_eq(r->match, "id");
    return 0;
}

static void begin_test(void)
{
    start();
    inside_body.read = read_one;
    inside_body.find = find_none;
    listens = 0;
}

#define RIGHTS "rights/thing ok (may be looked for); rights/log ok (only a write would show)"

START_TEST(all_is_well)
{
    begin_test();
    ck_assert_msg(test() == 0, "%s", err.text);
    ck_assert(!warned);
    ck_assert_str_eq(told, "answer ok; " RIGHTS "; read/thing ok (1 record came)");
    ck_assert_int_eq(facts.count, 1);
    ck_assert_str_eq(facts.rows[0].value, "version");
    list_done(&facts);
}
END_TEST

/* ---- the connector's steps ---- */

static int steps_well(struct instance_state *s, struct koppel_list *out, struct koppel_error *e)
{
    ck_assert_int_eq(s->host->step(out, "log in", KOPPEL_STEP_OK, NULL, NULL, e), 0);
    ck_assert_int_eq(s->host->row(out, "version", "2", e), 0);
    return s->host->step(out, "shop", KOPPEL_STEP_WARNING, "size", "it is full", e);
}

static int steps_fail(struct instance_state *s, struct koppel_list *out, struct koppel_error *e)
{
    ck_assert_int_eq(s->host->step(out, "log in", KOPPEL_STEP_OK, NULL, NULL, e), 0);
    ck_assert_int_eq(s->host->step(out, "shop", KOPPEL_STEP_FAILED, "size", NULL, e), 0);
    return s->host->fail(e, KOPPEL_E_CONFIG, "no shop of this size, said open sesame");
}

static int fails_at_once(struct instance_state *s, struct koppel_list *out, struct koppel_error *e)
{
    (void)out;
    s->host->fail(e, KOPPEL_E_AUTH, "wrong password");
    return s->host->fact(e, "setting", "password");
}

static int fails_behind_a_step(struct instance_state *s, struct koppel_list *out,
                               struct koppel_error *e)
{
    ck_assert_int_eq(s->host->step(out, "log in", KOPPEL_STEP_OK, NULL, NULL, e), 0);
    return s->host->fail(e, KOPPEL_E_RETRY, "no answer");
}

static int says_failed_and_succeeds(struct instance_state *s, struct koppel_list *out,
                                    struct koppel_error *e)
{
    return s->host->step(out, "shop", KOPPEL_STEP_FAILED, "size", "closed", e);
}

#define REST "; rights untried; read/thing untried"

static const struct {
    int (*probe)(struct instance_state *s, struct koppel_list *out, struct koppel_error *e);
    int rc, kind;
    bool warned;
    const char *told, *advice;
} probes[] = {
    {steps_well, 0, 0, true,
     "log in ok; shop warning size (it is full); " RIGHTS "; read/thing ok (1 record came)", ""},
    {steps_fail, -1, KOPPEL_E_CONFIG, false,
     "log in ok; shop failed size (no shop of this size, said ****)" REST, "correct the setting"},
    {fails_at_once, -1, KOPPEL_E_AUTH, false, "log in failed password (wrong password)" REST,
     "look at the credentials"},
    {fails_behind_a_step, -1, KOPPEL_E_RETRY, false, "log in ok; answer failed (no answer)" REST,
     "ask again later"},
    {says_failed_and_succeeds, -1, KOPPEL_E_CONFIG, false, "shop failed size (closed)" REST,
     "correct the setting"},
};

START_TEST(what_the_connector_tries)
{
    begin_test();
    inside_body.probe = probes[_i].probe;
    ck_assert_int_eq(test(), probes[_i].rc);
    ck_assert_int_eq(err.kind, probes[_i].kind);
    ck_assert_int_eq(warned, probes[_i].warned);
    ck_assert_str_eq(told, probes[_i].told);
    ck_assert_msg(strncmp(advice, probes[_i].advice, strlen(probes[_i].advice)) == 0, "%s", advice);
    list_done(&facts);
}
END_TEST

/* ---- rights ---- */

static int find_refused(struct instance_state *s, const struct koppel_find_request *r,
                        struct koppel_results *out, struct koppel_error *e)
{
    (void)r;
    (void)e;
    s->host->result_error(out, 0, KOPPEL_E_REJECTED, "not allowed");
    return s->host->result_reason(out, 0, KOPPEL_REASON_ACCESS);
}

static int find_odd(struct instance_state *s, const struct koppel_find_request *r,
                    struct koppel_results *out, struct koppel_error *e)
{
    (void)r;
    (void)e;
    return s->host->result_error(out, 0, KOPPEL_E_REJECTED, "1 is no id of ours");
}

static int read_refused(struct instance_state *s, const struct koppel_read_request *r,
                        struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    (void)out;
    s->host->fail(e, KOPPEL_E_REJECTED, "not allowed");
    return s->host->reason(e, KOPPEL_REASON_ACCESS);
}

START_TEST(rights_of_a_flow_that_is_off_are_a_warning)
{
    begin_test();
    inside_body.find = find_refused;
    ck_assert_int_eq(test(), 0);
    ck_assert(warned);
    ck_assert_str_eq(told, "answer ok; rights/thing warning (flow in, which is off, needs it: "
                           "shop: not allowed); rights/log ok (only a write would show); "
                           "read/thing ok (1 record came)");
    ck_assert_ptr_nonnull(strstr(advice, "let this account do it"));
    list_done(&facts);
}
END_TEST

START_TEST(a_refusal_of_the_question_itself_is_none_of_the_account)
{
    begin_test();
    inside_body.find = find_odd;
    ck_assert_int_eq(test(), 0);
    ck_assert(!warned);
    ck_assert_str_eq(told, "answer ok; " RIGHTS "; read/thing ok (1 record came)");
    list_done(&facts);
}
END_TEST

START_TEST(the_read_in_the_end_may_fail)
{
    begin_test();
    inside_body.read = read_refused;
    ck_assert_int_eq(test(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(told, "answer ok; " RIGHTS "; read/thing failed (not allowed)");
    list_done(&facts);
}
END_TEST

/* Whoever asked is gone: the rest is not done, and it is no fault of the connection. */
START_TEST(nobody_listens_any_more)
{
    begin_test();
    listens = 2;
    ck_assert_int_eq(test(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CANCELLED);
    ck_assert_str_eq(told, "answer ok; rights/thing ok (may be looked for)");
    list_done(&facts);
}
END_TEST

UNIT_MAIN("connection test")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, all_is_well);
    LOOP(what_the_connector_tries, probes);
    tcase_add_test(t, rights_of_a_flow_that_is_off_are_a_warning);
    tcase_add_test(t, a_refusal_of_the_question_itself_is_none_of_the_account);
    tcase_add_test(t, the_read_in_the_end_may_fail);
    tcase_add_test(t, nobody_listens_any_more);
}
