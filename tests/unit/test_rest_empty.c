/* SPDX-License-Identifier: MIT
 * The REST connector: answers without content, and what they say of a change, a list, a trial. */
#include "rest_host.h"

#include "choices.h"
#include "connection/list.h"
#include "unit.h"

#define SUCCESS "\"success\":{\"place\":\"state\",\"values\":[\"done\"]}"
#define EMPTY_IS_NONE "\"statuses\":{\"204\":\"missing\"}"

static char described[4096];

/* A service with these errors, and one entity with these members. */
static void describe(const char *errors, const char *members)
{
    snprintf(described, sizeof described,
             "{\"title\":\"Empty\",\"connector\":\"rest\",\"settings\":[{\"name\":\"url\",\"type\":"
             "\"url\"}],\"choices\":[\"rates\"],\"service\":{\"base\":\"{url}/api\","
             "\"errors\":{%s},\"choices\":{"
             "\"rates\":{\"path\":\"/rates\",\"list\":\"rows\",\"value\":\"id\",\"title\":\"id\"}},"
             "\"probe\":{\"path\":\"/me\"}},"
             "\"entities\":[{\"name\":\"order\",\"key\":\"id\",\"fields\":[{\"name\":\"id\"}],"
             "%s}]}",
             errors, members);
    rest_peer.header = (struct koppel_pair){0};
    rest_peer.asked[0] = '\0';
    ck_assert_msg(rest_describe(described), "%s", rest_err.text);
    rest_err = (struct koppel_error){0};
}

/* Writes one record; id: NULL where it is created. */
static int put(uint32_t verb, uint32_t flags, const char *id, struct koppel_results *out)
{
    json_t *record = json_pack("{s:s}", "id", "7");
    struct koppel_write_item item = {.struct_size = sizeof item, .job = "job/1", .id = id,
                                     .record = record};
    const struct koppel_write_item *items[] = {&item};
    struct koppel_write_request request = {.verb = verb, .flags = flags, .count = 1,
                                           .entity = "order", .items = items};
    results_init(out, 1);
    int rc = write_records(&rest, &request, out, &rest_err);
    json_decref(record);
    return rc;
}

#define EXPECT(rc, expected)                                                                       \
    do {                                                                                           \
        int got_ = (rc);                                                                           \
        ck_assert_msg((expected) ? rest_err.kind == (expected) : got_ == 0, "%d %d %s", got_,      \
                      rest_err.kind, rest_err.text);                                               \
    } while (0)

/* ---- a change ---- */

static const struct {
    uint32_t verb;
    unsigned status;
    const char *answer;
    int kind; /* 0: it is done */
} changes[] = {
    {KOPPEL_VERB_UPDATE, 204, "", 0},
    {KOPPEL_VERB_UPDATE, 205, "", 0},
    {KOPPEL_VERB_REMOVE, 204, "", 0},
    {KOPPEL_VERB_UPDATE, 200, "", KOPPEL_E_UNSURE},
    {KOPPEL_VERB_UPDATE, 202, "", KOPPEL_E_UNSURE},
    {KOPPEL_VERB_REMOVE, 200, "ok", KOPPEL_E_UNSURE},
    {KOPPEL_VERB_UPDATE, 204, "ok", KOPPEL_E_UNSURE},
    {KOPPEL_VERB_CREATE, 204, "", KOPPEL_E_UNSURE},
};

START_TEST(test_a_change_is_done_without_content)
{
    struct koppel_results out;
    const char *id = changes[_i].verb == KOPPEL_VERB_CREATE ? NULL : "7";
    describe(SUCCESS "," EMPTY_IS_NONE,
             "\"can\":[\"create\",\"update\",\"remove\"],\"repeat\":\"upsert\",\"calls\":{"
             "\"create\":{\"path\":\"/o\"},\"update\":{\"path\":\"/o/{id}\"},"
             "\"remove\":{\"path\":\"/o/{id}\"}}");
    rest_answers(changes[_i].status, changes[_i].answer);
    int rc = put(changes[_i].verb, 0, id, &out);
    EXPECT(rc, changes[_i].kind);
    ck_assert_int_eq(out.entries[0].done, rc == 0);
    results_done(&out);
}
END_TEST

START_TEST(test_messages_end_without_content)
{
    struct koppel_subscription there = {.struct_size = sizeof there, .entity = "order",
                                        .url = "https://here.example/order", .secret = "hush",
                                        .id = "7"};
    describe(SUCCESS, "\"can\":[\"read\",\"receive\"],\"calls\":{\"receive\":{\"record\":\"\","
                      "\"token\":{\"header\":\"X-Key\",\"value\":\"{hook_secret}\"}},"
                      "\"subscribe\":{\"path\":\"/h\"},\"unsubscribe\":{\"path\":\"/h/{id}\"}}");
    rest_answers(204, "");
    EXPECT(receive_unsubscribe(&rest, &there, &rest_err), 0);
    ck_assert_str_eq(rest_peer.asked, "DELETE https://shop.example/api/h/7");
    rest_answers(200, "");
    EXPECT(receive_unsubscribe(&rest, &there, &rest_err), KOPPEL_E_RETRY);
}
END_TEST

/* ---- a list ---- */

/* What a status says of one record, that it is not there, is an empty list where one was asked
 * for. */
static const struct {
    const char *errors;
    unsigned status;
    const char *pages;
    int kind; /* 0: it is empty */
} lists[] = {
    {EMPTY_IS_NONE, 204, "{\"by\":\"none\"}", 0},
    {EMPTY_IS_NONE, 204, "{\"by\":\"link\"}", 0},
    {EMPTY_IS_NONE, 204, "{\"by\":\"cursor\",\"next\":\"next\"}", 0},
    {EMPTY_IS_NONE "," SUCCESS, 204, "{\"by\":\"page\",\"rows\":5}", 0},
    {EMPTY_IS_NONE, 200, "{\"by\":\"none\"}", KOPPEL_E_RETRY},
    {"", 204, "{\"by\":\"none\"}", KOPPEL_E_RETRY},
    {"\"statuses\":{\"404\":\"missing\"}", 404, "{\"by\":\"none\"}", KOPPEL_E_CONFIG},
};

START_TEST(test_a_list_is_empty_without_content)
{
    char members[600];
    struct koppel_batch out = {.plugin = "rest"};
    struct koppel_list rates = {0};
    struct koppel_read_request request = {.entity = "order", .limit = 10};
    snprintf(members, sizeof members, "\"can\":[\"read\"],\"changes\":\"snapshot\",\"calls\":{"
             "\"read\":{\"path\":\"/o\",\"list\":\"rows\",\"query\":{\"p\":\"{%s}\"},"
             "\"pages\":%s}}", strstr(lists[_i].pages, "cursor") ? "cursor" : "page",
             lists[_i].pages);
    describe(lists[_i].errors, members);
    rest_answers(lists[_i].status, "");
    EXPECT(read_page(&rest, &request, &out, &rest_err), lists[_i].kind);
    ck_assert_int_eq(out.count, 0);
    ck_assert(!out.more);
    batch_done(&out);
    EXPECT(choices_list(&rest, "rates", &rates, &rest_err), lists[_i].kind);
    ck_assert_int_eq(rates.count, 0);
    list_done(&rates);
}
END_TEST

START_TEST(test_who_is_logged_in_is_told_without_content)
{
    struct koppel_list facts = {0};
    describe(EMPTY_IS_NONE "," SUCCESS, "\"can\":[\"create\"],\"repeat\":\"upsert\",\"calls\":{"
                                        "\"create\":{\"path\":\"/o\"}}");
    rest_answers(204, "");
    EXPECT(choices_probe(&rest, &facts, &rest_err), 0);
    list_done(&facts);
}
END_TEST

/* ---- a trial looks nothing up: that something is not there is no answer to it ---- */

static const struct {
    unsigned status;
    const char *answer;
    int kind; /* 0: it would be taken */
} trials[] = {
    {200, "{\"id\":\"7\"}", 0},
    {204, "", 0},
    {404, "{}", KOPPEL_E_CONFIG},
    {410, "{}", KOPPEL_E_REJECTED},
};

START_TEST(test_a_trial_is_no_look_up)
{
    struct koppel_results out;
    describe("\"statuses\":{\"204\":\"missing\",\"410\":\"missing\"}",
             "\"can\":[\"create\",\"dry-run\"],\"repeat\":\"upsert\",\"calls\":{"
             "\"create\":{\"path\":\"/o\"},\"dry-run\":{\"path\":\"/o/try\"}}");
    rest_answers(trials[_i].status, trials[_i].answer);
    int rc = put(KOPPEL_VERB_CREATE, KOPPEL_WRITE_DRY_RUN, NULL, &out);
    EXPECT(rc, trials[_i].kind);
    results_done(&out);
}
END_TEST

UNIT_MAIN("rest_empty")
{
    LOOP(test_a_change_is_done_without_content, changes);
    tcase_add_test(t, test_messages_end_without_content);
    LOOP(test_a_list_is_empty_without_content, lists);
    tcase_add_test(t, test_who_is_logged_in_is_told_without_content);
    LOOP(test_a_trial_is_no_look_up, trials);
}
