/* SPDX-License-Identifier: MIT
 * Single cases of the way of a record that the table does not come to. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static struct world *w;
static char key[32];

static void begin(enum world_way way, enum world_mood mood)
{
    w = world_new(way, false, mood);
    world_key(w, 0, key);
}

static void deliver(void)
{
    world_read(w);
    world_deliver(w, 0);
}

static void emit(int content)
{
    world_emit(w, key, content);
    deliver();
}

static void ends(enum job_state state, const char *reason)
{
    struct world_end end;
    world_end_of(w, key, &end);
    ck_assert_msg(end.state == state && strcmp(end.reason, reason) == 0, "%s: %s (%s)",
                  job_state_name(end.state), end.reason, end.detail);
}

static void is_right(void)
{
    char why[120];
    ck_assert_msg(world_right(w, key, why, sizeof why), "%s; %s", why, w->peer.broken);
}

static void parks_untouched(const char *reason)
{
    int writes = w->peer.writes;
    ck_assert(world_drain(w));
    ends(JOB_PARKED, reason);
    ck_assert_int_eq(w->peer.writes, writes);
}

/* ---- gates ---- */

static struct {
    enum world_gate gate;
    enum world_do what;
    int from, count; /* the from-th time (from 0), and so many times */
    int seen;
    void (*then)(void);
} plan;

static enum world_do planned(void *arg, struct world_host *h, enum world_gate gate)
{
    (void)arg;
    (void)h;
    if (gate != plan.gate)
        return DO_GO;
    int n = plan.seen++;
    if (n < plan.from || n >= plan.from + plan.count)
        return DO_GO;
    if (plan.then)
        plan.then();
    return plan.what;
}

static void plans(enum world_gate gate, enum world_do what, int from, int count)
{
    plan.gate = gate;
    plan.what = what;
    plan.from = from;
    plan.count = count;
    plan.seen = 0;
    plan.then = NULL;
    w->gate = planned;
}

static struct peer_doc *doc(const char *reference)
{
    return peer_find(&w->peer, false, w->peer.by, reference, 0);
}

/* ---- rule 9 ---- */

START_TEST(f5_a_replayed_answer_of_another_is_not_ours)
{
    begin(WAY_KEYED, MOOD_PLAIN);
    emit(1);
    ends(JOB_DONE, "");
    w->peer.replays = true;
    world_key(w, 1, key);
    emit(2);
    ends(JOB_PARKED, "replayed");
    world_free(w);
}
END_TEST

START_TEST(f5_a_key_names_its_store_and_its_acceptance)
{
    begin(WAY_KEYED, MOOD_PLAIN);
    struct store *s = w->hosts[0]->real;
    emit(1);
    const char *id = s->ops->id(s), *made = w->peer.docs[0].key;
    ck_assert_msg(strncmp(made, id, strlen(id)) == 0, "%s does not begin with %s", made, id);
    const char *accepted = strrchr(made, '/');
    ck_assert_ptr_nonnull(accepted);
    ck_assert_msg(strtoll(accepted + 1, NULL, 10) > 1000000000000, "%s names no time", made);
    world_free(w);
}
END_TEST

/* ---- what a person did there ---- */

START_TEST(f1_a_correction_that_is_gone_is_not_made_up_for)
{
    char name[48];
    begin(WAY_DIFFERENCE, MOOD_PLAIN);
    emit(1);
    emit(2);
    is_right();
    snprintf(name, sizeof name, "%s/3", key);
    doc(name)->removed = true;
    emit(4);
    for (int i = 0; i < 12; i++) {
        world_pass(w, 400000, -1);
        world_deliver(w, 0);
    }
    parks_untouched("document.gone");
    world_free(w);
}
END_TEST

START_TEST(a_document_that_is_gone_is_made_anew_or_parks)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    emit(1);
    doc(key)->removed = true;
    emit(2);
    ends(JOB_DONE, "");
    is_right();
    world_free(w);
    begin(WAY_LOOKUP, MOOD_PLAIN);
    world_set(w, "removed_there", "park");
    emit(1);
    doc(key)->removed = true;
    emit(2);
    parks_untouched("document.gone");
    world_free(w);
}
END_TEST

START_TEST(a_change_parks_where_the_flow_says_so)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    world_set(w, "on_change", "park");
    emit(1);
    emit(2);
    parks_untouched("changed");
    world_free(w);
    begin(WAY_LOOKUP, MOOD_PLAIN);
    world_set(w, "on_cancel", "alert");
    emit(1);
    emit(0);
    parks_untouched("cancelled.after");
    world_free(w);
}
END_TEST

START_TEST(a_corrected_document_is_not_updated)
{
    begin(WAY_DIFFERENCE, MOOD_PLAIN);
    emit(1);
    emit(2);
    world_set(w, "on_change", "update");
    emit(3);
    parks_untouched("changed");
    world_free(w);
    /* nor one to which a person added: the link knows nothing of that */
    begin(WAY_DIFFERENCE, MOOD_PLAIN);
    emit(1);
    char name[48];
    snprintf(name, sizeof name, "%s/2", key);
    peer_foreign(&w->peer, name, "C1", "-1.00");
    world_set(w, "on_change", "update");
    emit(3);
    parks_untouched("changed");
    world_free(w);
}
END_TEST

START_TEST(a_card_that_is_gone_is_made_anew)
{
    begin(WAY_MATCH, MOOD_PLAIN);
    emit(1);
    doc(key)->removed = true;
    emit(2);
    ends(JOB_DONE, "");
    is_right();
    world_free(w);
}
END_TEST

START_TEST(f22_what_ended_and_came_back_is_open_again)
{
    begin(WAY_MATCH, MOOD_PLAIN);
    world_set(w, "on_gone", "ignore");
    emit(1);
    emit(0);
    ends(JOB_SKIPPED, "gone");
    emit(1);
    ends(JOB_DONE, "");
    ck_assert_int_eq(w->peer.writes, 2);
    emit(1);
    ends(JOB_SKIPPED, "unchanged");
    world_free(w);
}
END_TEST

START_TEST(what_is_cancelled_before_it_is_sent_is_nothing)
{
    begin(WAY_MATCH, MOOD_PLAIN);
    world_emit(w, key, 0);
    w->versions[0].cancelled = true;
    deliver();
    ends(JOB_SKIPPED, "cancelled");
    ck_assert_int_eq(w->peer.count, 0);
    world_free(w);
}
END_TEST

static void remove_card(void)
{
    for (int i = 0; i < w->peer.count; i++)
        w->peer.docs[i].removed = w->peer.docs[i].removed || w->peer.docs[i].card;
}

START_TEST(f9_a_reference_that_is_gone_is_verified_after_a_refusal)
{
    begin(WAY_REFERENCE, MOOD_PLAIN);
    emit(1);
    remove_card();
    world_key(w, 1, key); /* another order of the same customer */
    world_emit(w, key, 1);
    w->versions[w->version_count - 1].customer = 1;
    plans(GATE_SEND, DO_REJECT, 0, 1);
    deliver();
    ends(JOB_DONE, "");
    int cards = 0;
    for (int i = 0; i < w->peer.count; i++)
        cards += w->peer.docs[i].card && !w->peer.docs[i].removed;
    ck_assert_int_eq(cards, 1);
    world_free(w);
}
END_TEST

/* ---- conditional writes ---- */

START_TEST(a_late_update_meets_another_version)
{
    begin(WAY_LOOKUP, MOOD_CONDITIONAL);
    emit(1);
    w->late_ms = -1; /* it outlives every quiet time */
    plans(GATE_SEND, DO_LATE, 0, 1);
    emit(2);
    ck_assert(world_drain(w));
    emit(3);
    ends(JOB_DONE, "updated");
    ck_assert(peer_orphan_apply(&w->peer, false));
    is_right();
    world_free(w);
}
END_TEST

static void person_edits(void)
{
    json_object_set_new(w->peer.docs[0].record, "version", json_string("77"));
    json_object_set_new(w->peer.docs[0].record, "state", json_string("read by a person"));
}

START_TEST(a_stale_version_is_looked_up_again)
{
    begin(WAY_LOOKUP, MOOD_CONDITIONAL);
    emit(1);
    plans(GATE_SEND, DO_GO, 0, 1);
    plan.then = person_edits;
    emit(2);
    ends(JOB_DONE, "updated");
    is_right();
    world_free(w);
}
END_TEST

/* ---- failures ---- */

START_TEST(f11_refused_alike_stops_the_flow_and_parks_nothing)
{
    struct store_counts c;
    struct koppel_error err;
    begin(WAY_LOOKUP, MOOD_PLAIN);
    world_key(w, 6, key);
    emit(1); /* the flow has worked before */
    for (int i = 0; i < 6; i++)
        world_emit(w, world_key(w, i, key), 1);
    w->reject_reason = KOPPEL_REASON_ACCESS;
    plans(GATE_SEND, DO_REJECT, 0, 100);
    deliver();
    ck_assert_int_eq(w->reader->real->ops->counts(w->reader->real, w->flow_name, &c, &err), 0);
    ck_assert_int_eq(c.parked, 0);
    ck_assert_int_eq(w->peer.count, 1);
    ck_assert(world_drain(w));
    for (int i = 0; i < 6; i++) {
        world_key(w, i, key);
        ends(JOB_DONE, "");
        is_right();
    }
    world_free(w);
}
END_TEST

START_TEST(f11_a_success_in_between_says_that_it_is_the_records)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    w->reject_reason = KOPPEL_REASON_ACCESS;
    for (int i = 0; i < 12; i++) {
        world_emit(w, world_key(w, i, key), 1);
        plans(GATE_SEND, i % 4 == 0 ? DO_GO : DO_REJECT, 0, 1);
        deliver();
        ends(i % 4 == 0 ? JOB_DONE : JOB_PARKED, i % 4 == 0 ? "" : KOPPEL_REASON_ACCESS);
    }
    world_free(w);
}
END_TEST

START_TEST(f11_a_destination_that_is_away_counts_no_attempt)
{
    struct world_end end;
    begin(WAY_KEYED, MOOD_PLAIN);
    w->fail_reason = KOPPEL_REASON_DOWN;
    plans(GATE_SEND, DO_FAIL, 0, 4);
    emit(1);
    for (int i = 0; i < 6 && plan.seen < 5; i++) {
        world_pass(w, 5000, -1);
        world_deliver(w, 0);
    }
    ends(JOB_DONE, "");
    world_end_of(w, key, &end);
    ck_assert_int_le(end.attempt, 3); /* those before the circuit opened, and the one that went */
    is_right();
    world_free(w);
}
END_TEST

START_TEST(f11_what_was_left_is_not_passed_over)
{
    begin(WAY_KEYED, MOOD_PLAIN);
    for (int i = 0; i < 3; i++)
        world_emit(w, world_key(w, i, key), 1);
    world_emit(w, world_key(w, 3, key), 0); /* is through at once: cancelled before it was sent */
    w->reject_kind = KOPPEL_E_AUTH;
    plans(GATE_SEND, DO_REJECT, 0, 1);
    deliver();
    ends(JOB_SKIPPED, "cancelled");
    ck_assert_int_eq(w->peer.count, 0);
    ck_assert(world_drain(w));
    for (int i = 0; i < 4; i++) {
        world_key(w, i, key);
        is_right();
    }
    world_free(w);
}
END_TEST

START_TEST(what_was_refused_or_never_left_is_not_in_doubt)
{
    begin(WAY_KEYED, MOOD_PLAIN);
    for (int i = 0; i < 3; i++)
        world_emit(w, world_key(w, i, key), 1);
    w->reject_kind = KOPPEL_E_AUTH; /* stops the flow; the jobs stay in the log */
    plans(GATE_SEND, DO_REJECT, 0, 1);
    deliver();
    ck_assert_int_eq(w->peer.count, 0);
    w->gate = NULL;
    world_deliver(w, 0); /* no quiet time is waited for */
    for (int i = 0; i < 3; i++) {
        world_key(w, i, key);
        ends(JOB_DONE, "");
        is_right();
    }
    world_free(w);
}
END_TEST

START_TEST(a_record_that_always_fails_parks)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    plans(GATE_SEND, DO_FAIL, 0, 100);
    emit(1);
    for (int i = 0; i < 12; i++) {
        world_pass(w, 400000, -1);
        world_deliver(w, 0);
    }
    ends(JOB_PARKED, "unreachable");
    ck_assert_int_eq(plan.seen, 8);
    ck_assert_int_eq(w->peer.count, 0);
    world_free(w);
}
END_TEST

START_TEST(one_that_fails_lets_the_others_go)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    for (int i = 0; i < 3; i++)
        world_emit(w, world_key(w, i, key), 1);
    plans(GATE_SEND, DO_FAIL, 0, 1);
    deliver();
    ends(JOB_DONE, "");
    world_key(w, 0, key);
    ends(JOB_WAITING, "retry");
    world_free(w);
}
END_TEST

START_TEST(a_newer_version_of_what_waits_waits_too)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    plans(GATE_SEND, DO_LOSE, 0, 1);
    emit(1);
    ends(JOB_WAITING, "quiet");
    emit(2);
    ends(JOB_WAITING, "retry");
    ck_assert_int_eq(plan.seen, 1);
    ck_assert(world_drain(w));
    is_right();
    world_free(w);
}
END_TEST

START_TEST(an_older_version_in_one_batch_is_superseded)
{
    struct koppel_error err;
    struct store_counts c;
    begin(WAY_LOOKUP, MOOD_PLAIN);
    world_emit(w, key, 1);
    world_emit(w, key, 2);
    deliver();
    ck_assert_int_eq(w->peer.writes, 1);
    ck_assert_int_eq(w->reader->real->ops->counts(w->reader->real, w->flow_name, &c, &err), 0);
    ck_assert_int_eq(c.skipped, 1);
    is_right();
    world_free(w);
}
END_TEST

/* ---- two hosts ---- */

static void take_over(void)
{
    w->gate = NULL;
    world_pass(w, 12000, 0);
    world_deliver(w, 1);
    world_pass(w, 9000, 0); /* its quiet time goes by */
    world_deliver(w, 1);
}

START_TEST(a_host_that_lost_its_lease_sends_nothing_more)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    for (int i = 0; i < 3; i++)
        world_emit(w, world_key(w, i, key), 1);
    plans(GATE_SEND, DO_LOSE, 0, 1);
    plan.then = take_over; /* the others are sent by the other host */
    deliver();
    ck_assert(world_drain(w));
    for (int i = 0; i < 3; i++) {
        world_key(w, i, key);
        is_right();
    }
    world_free(w);
}
END_TEST

START_TEST(a_host_that_was_replaced_settles_nothing)
{
    begin(WAY_LOOKUP, MOOD_PLAIN);
    plans(GATE_SETTLE, DO_GO, 0, 1);
    plan.then = take_over;
    emit(1);
    ck_assert(world_drain(w));
    is_right();
    ends(JOB_DONE, "exists");
    world_free(w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cases");
    TCase *t = tcase_create("cases");
    tcase_add_unchecked_fixture(t, world_start, world_stop);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, f5_a_replayed_answer_of_another_is_not_ours);
    tcase_add_test(t, f5_a_key_names_its_store_and_its_acceptance);
    tcase_add_test(t, f1_a_correction_that_is_gone_is_not_made_up_for);
    tcase_add_test(t, a_document_that_is_gone_is_made_anew_or_parks);
    tcase_add_test(t, a_change_parks_where_the_flow_says_so);
    tcase_add_test(t, a_corrected_document_is_not_updated);
    tcase_add_test(t, a_card_that_is_gone_is_made_anew);
    tcase_add_test(t, f22_what_ended_and_came_back_is_open_again);
    tcase_add_test(t, what_is_cancelled_before_it_is_sent_is_nothing);
    tcase_add_test(t, f9_a_reference_that_is_gone_is_verified_after_a_refusal);
    tcase_add_test(t, a_late_update_meets_another_version);
    tcase_add_test(t, a_stale_version_is_looked_up_again);
    tcase_add_test(t, f11_refused_alike_stops_the_flow_and_parks_nothing);
    tcase_add_test(t, f11_a_success_in_between_says_that_it_is_the_records);
    tcase_add_test(t, f11_a_destination_that_is_away_counts_no_attempt);
    tcase_add_test(t, f11_what_was_left_is_not_passed_over);
    tcase_add_test(t, what_was_refused_or_never_left_is_not_in_doubt);
    tcase_add_test(t, a_record_that_always_fails_parks);
    tcase_add_test(t, one_that_fails_lets_the_others_go);
    tcase_add_test(t, a_newer_version_of_what_waits_waits_too);
    tcase_add_test(t, an_older_version_in_one_batch_is_superseded);
    tcase_add_test(t, a_host_that_lost_its_lease_sends_nothing_more);
    tcase_add_test(t, a_host_that_was_replaced_settles_nothing);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* its threads and store are one process's */
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
