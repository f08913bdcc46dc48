/* SPDX-License-Identifier: MIT
 * The REST connector: no record is doubled and nothing of one is lost, whatever a description asks
 * for and an answer says. */
#include "rest_host.h"

#include "unit.h"

#define FIELDS                                                                                     \
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"},"                     \
    "{\"name\":\"count\",\"type\":\"integer\"},{\"name\":\"paid\",\"type\":\"boolean\"},"          \
    "{\"name\":\"words\"},{\"name\":\"tags\",\"type\":\"list\"},"                                  \
    "{\"name\":\"where\",\"type\":\"object\"}],"

static char described[8192];

/* A service with these errors, and one entity with these members. */
static bool describe(const char *errors, const char *members)
{
    snprintf(described, sizeof described,
             "{\"title\":\"Once\",\"connector\":\"rest\",\"settings\":[{\"name\":\"url\",\"type\":"
             "\"url\"},{\"name\":\"tenant\"}],\"service\":{\"base\":\"{url}/api\",\"errors\":{%s}},"
             "\"entities\":[{\"name\":\"order\",\"key\":\"id\"," FIELDS "%s}]}", errors, members);
    rest_peer.header = (struct koppel_pair){0};
    rest_peer.asked[0] = '\0';
    rest_err = (struct koppel_error){0};
    return rest_describe(described);
}

#define CREATE "\"can\":[\"create\"],\"repeat\":\"upsert\",\"calls\":{\"create\":"
#define IS_DESCRIBED(errors, members)                                                              \
    ck_assert_msg(describe(errors, members), "%s", rest_err.text)

/* Creates the records of a list, which it takes. */
static int create(json_t *records, struct koppel_results *out)
{
    struct koppel_write_item all[4];
    const struct koppel_write_item *items[4];
    static const char *const jobs[] = {"job/1", "job/2", "job/3", "job/4"};
    uint32_t count = (uint32_t)json_array_size(records);
    for (uint32_t i = 0; i < count; i++) {
        all[i] = (struct koppel_write_item){.struct_size = sizeof all[i], .job = jobs[i],
                                            .record = json_array_get(records, i)};
        items[i] = &all[i];
    }
    struct koppel_write_request request = {.verb = KOPPEL_VERB_CREATE, .count = count,
                                           .entity = "order", .items = items};
    results_init(out, (int)count);
    int rc = write_records(&rest, &request, out, &rest_err);
    json_decref(records);
    return rc;
}

static int create_one(const char *record, struct koppel_results *out)
{
    json_t *one = json_loads(record, 0, NULL);
    ck_assert_ptr_nonnull(one);
    return create(json_pack("[o]", one), out);
}

/* ---- what is sent ---- */

static const char full[] =
    "{\"total\":\"19.95\",\"count\":3,\"paid\":true,\"words\":\"a\\\"b\",\"tags\":[\"x\",1],"
    "\"where\":{\"city\":\"Utrecht\"}}";

START_TEST(test_a_body_takes_all_that_the_record_has)
{
    struct koppel_results out;
    IS_DESCRIBED("", CREATE "{\"path\":\"/o\",\"put\":{\"sum\":\"{record.total}\"},\"body\":{"
                     "\"a\":\"{record.total}\",\"b\":\"{record.tags}\",\"c\":\"{record.where}\","
                     "\"d\":\"{record.count}\",\"e\":\"{record.paid}\",\"f\":\"{record.words}\","
                     "\"g\":\"{record.total} for {record.count}\",\"h\":\"{record.tags[0]}\","
                     "\"i\":\"{record.none}\",\"j\":\"{record.sum}\"}}}");
    rest_answers(201, "{\"id\":7}");
    ck_assert_msg(create_one(full, &out) == 0, "%s", rest_err.text);
    ck_assert_str_eq(strchr(rest_peer.asked, '\n'),
                     "\n{\"a\":19.95,\"b\":[\"x\",1],\"c\":{\"city\":\"Utrecht\"},\"d\":3,"
                     "\"e\":true,\"f\":\"a\\\"b\",\"g\":\"19.95 for 3\",\"h\":\"x\",\"j\":19.95}");
    results_done(&out);
}
END_TEST

START_TEST(test_no_text_is_too_long_for_a_body)
{
    struct koppel_results out;
    static char words[5001], record[5200];
    memset(words, 'x', sizeof words - 1);
    snprintf(record, sizeof record, "{\"words\":\"%s\"}", words);
    IS_DESCRIBED("", CREATE "{\"path\":\"/o\",\"body\":{\"a\":\"{record.words}\","
                     "\"b\":\"- {record.words}\"}}}");
    rest_answers(201, "{\"id\":7}");
    ck_assert_msg(create_one(record, &out) == 0, "%s", rest_err.text);
    const char *body = strchr(rest_peer.asked, '\n');
    ck_assert_msg(strlen(body) == 10000 + strlen("\n{\"a\":\"\",\"b\":\"- \"}"), "%zu: %.40s",
                  strlen(body), body);
    results_done(&out);
}
END_TEST

/* What is there and cannot be sent as the call wants it is never left out. */
static const struct {
    const char *call;
    int kind;
    const char *said;
} unfit[] = {
    {"\"path\":\"/o\",\"body\":{\"a\":\"tags: {record.tags}\"}", KOPPEL_E_REJECTED, "record.tags"},
    {"\"path\":\"/o\",\"body\":{\"a\":[\"{record.where|short}\"]}", KOPPEL_E_REJECTED,
     "record.where"},
    {"\"path\":\"/o\",\"query\":{\"a\":\"{record.where}\"}", KOPPEL_E_REJECTED, "record.where"},
    {"\"path\":\"/o\",\"headers\":{\"X-Tags\":\"{record.tags}\"}", KOPPEL_E_REJECTED,
     "record.tags"},
    {"\"path\":\"/o/{record.tags}\"", KOPPEL_E_REJECTED, "record.tags"},
    {"\"path\":\"/o\",\"put\":{\"a\":\"t {record.tags}\"}", KOPPEL_E_REJECTED, "record.tags"},
    {"\"path\":\"/o\",\"put\":{\"a\":\"{record.words|integer}\"}", KOPPEL_E_REJECTED,
     "record.words"},
    {"\"path\":\"/o\",\"body\":{\"a\":\"{record.total|integer}\"}", KOPPEL_E_REJECTED,
     "record.total"},
    {"\"path\":\"/o\",\"body\":{\"a\":\"{tenant|integer}\"}", KOPPEL_E_CONFIG, "tenant"},
    {"\"path\":\"/o\",\"put\":{\"a\":\"{record.tags} \"},\"body\":[\"{records}\"]",
     KOPPEL_E_REJECTED, "record.tags"},
};

START_TEST(test_what_cannot_be_put_in_is_refused)
{
    struct koppel_results out;
    char members[600];
    snprintf(members, sizeof members, CREATE "{%s}}", unfit[_i].call);
    IS_DESCRIBED("", members);
    rest_answers(201, "{\"id\":7}");
    int rc = create_one(full, &out);
    const struct koppel_error *e = rc != 0 ? &rest_err : &out.entries[0].err;
    ck_assert_msg(e->kind == unfit[_i].kind, "%d %d: %s", rc, e->kind, e->text);
    ck_assert_msg(strstr(e->text, unfit[_i].said) != NULL, "%s", e->text);
    ck_assert_str_eq(rest_peer.asked, "");
    results_done(&out);
}
END_TEST

/* ---- a batch is grouped anew when it is tried again, so no key may stand for all of it ---- */

static const struct {
    int batch;
    const char *repeat, *call;
    const char *said; /* NULL: it is right */
} batches[] = {
    {20, "idempotent", "\"put\":{\"key\":\"{job}\"}", NULL},
    {20, "idempotent", "\"put\":{\"key\":\"{job}\"},\"id\":\"{job|short}\"", NULL},
    {20, "idempotent", "\"rows\":{\"id\":\"{job|short}\"},\"put\":{\"key\":\"{job|short}\"}", NULL},
    {20, "idempotent", "\"headers\":{\"X-Key\":\"{job}\"}", "\"put\""},
    {20, "idempotent", "\"id\":\"{job}\"", "\"put\""},
    {20, "idempotent", "\"put\":{\"key\":\"{job}\"},\"headers\":{\"X-Key\":\"{job}\"}",
     "create.headers"},
    {20, "idempotent", "\"put\":{\"key\":\"{job}\"},\"query\":{\"key\":\"{job}\"}", "create.query"},
    {20, "upsert", "\"headers\":{\"X-Key\":\"{job|short}\"}", "create.headers"},
    {20, "upsert", "\"put\":{\"key\":\"{job}\"}", NULL},
    {1, "idempotent", "\"headers\":{\"X-Key\":\"{job}\"}", NULL},
    {1, "idempotent", "\"headers\":{\"X-Key\":\"1\"}", "{job}"},
    {1, "idempotent", "\"id\":\"{job}\"", "{job}"},
};

START_TEST(test_a_batch_has_a_key_for_each_record)
{
    char members[800];
    snprintf(members, sizeof members, "\"can\":[\"create\"],\"repeat\":\"%s\",\"batch\":{\"write\":"
             "%d},\"calls\":{\"create\":{\"path\":\"/o\",\"body\":[\"{records}\"],%s}}",
             batches[_i].repeat, batches[_i].batch, batches[_i].call);
    bool right = describe("", members);
    ck_assert_msg(right == !batches[_i].said, "%s", rest_err.text);
    if (!right)
        ck_assert_msg(strstr(rest_err.text, batches[_i].said) != NULL, "%s", rest_err.text);
}
END_TEST

START_TEST(test_one_record_in_a_list_has_its_own_job)
{
    struct koppel_results out;
    IS_DESCRIBED("", "\"can\":[\"create\"],\"repeat\":\"idempotent\",\"calls\":{\"create\":{"
                     "\"path\":\"/o\",\"query\":{\"key\":\"{job}\"},\"body\":[\"{records}\"]}}");
    rest_answers(201, "{\"id\":7}");
    (void)create_one("{\"id\":\"a\"}", &out);
    ck_assert_str_eq(rest_peer.asked, "POST https://shop.example/api/o?key=job/1\n"
                                      "[[{\"id\":\"a\"}]]");
    results_done(&out);
}
END_TEST

/* ---- a look-up says "not there" only where the system did ---- */

static const struct {
    const char *call;
    unsigned status;
    const char *answer;
    int hits; /* -1: RETRY */
} lookups[] = {
    {"\"list\":\"data.rows\"", 200, "{\"data\":{\"rows\":[{\"id\":\"7\"},{\"id\":\"8\"}]}}", 1},
    {"\"list\":\"data.rows\"", 200, "{\"data\":{\"rows\":[]}}", 0},
    {"\"list\":\"data.rows\"", 200, "{\"data\":{\"rows\":null}}", 0},
    {"\"list\":\"data.rows\"", 200, "{\"data\":{}}", -1},
    {"\"list\":\"data.rows\"", 200, "{\"message\":\"come back later\"}", -1},
    {"\"list\":\"data.rows\"", 200, "{\"data\":{\"rows\":{\"id\":\"7\"}}}", -1},
    {"\"list\":\"data.rows\"", 200, "", -1},
    {"\"list\":\"\"", 200, "[]", 0},
    {"\"list\":\"\"", 200, "", -1},
    {"\"list\":\"rows[0].all\"", 200, "{\"rows\":[{\"all\":null}]}", 0},
    {"\"list\":\"rows[0].all\"", 200, "{\"rows\":[]}", -1},
    {"\"record\":\"data\"", 200, "{\"data\":{\"id\":\"7\"}}", 1},
    {"\"record\":\"data\"", 200, "{\"data\":null}", 0},
    {"\"record\":\"data\"", 200, "{\"state\":\"busy\"}", -1},
    {"\"record\":\"data\"", 200, "", -1},
    {"\"record\":\"data\"", 404, "{}", 0},
    {"\"method\":\"GET\"", 200, "", -1},
    {"\"method\":\"GET\"", 200, "[]", 0},
};

#define FIND(more) "\"can\":[\"find\"],\"batch\":{\"find\":9},\"find\":[\"id\"],\"calls\":{" \
                   "\"find\":{\"id\":{\"path\":\"/o\"," more "}}}"

static int look_up(uint32_t count, struct koppel_results *out)
{
    static const char *const keys[] = {"7", "9", "twelve"};
    struct koppel_find_request request = {.entity = "order", .match = "id", .keys = keys,
                                          .count = count};
    results_init(out, (int)count);
    return find_records(&rest, &request, out, &rest_err);
}

START_TEST(test_not_there_is_what_the_system_said)
{
    struct koppel_results out;
    char members[600];
    snprintf(members, sizeof members, FIND("\"query\":{\"id\":\"{value}\"},%s"), lookups[_i].call);
    IS_DESCRIBED("", members);
    rest_answers(lookups[_i].status, lookups[_i].answer);
    int rc = look_up(1, &out);
    ck_assert_msg(rc == (lookups[_i].hits < 0 ? -1 : 0), "%d: %s", rc, rest_err.text);
    if (rc != 0)
        ck_assert_int_eq(rest_err.kind, KOPPEL_E_RETRY);
    else
        ck_assert_int_eq(out.entries[0].hit_count, lookups[_i].hits);
    results_done(&out);
}
END_TEST

START_TEST(test_an_empty_answer_is_what_the_description_says)
{
    struct koppel_results out;
    IS_DESCRIBED("\"statuses\":{\"204\":\"missing\"}",
                 FIND("\"query\":{\"id\":\"{value}\"},\"record\":\"\""));
    rest_answers(204, "");
    ck_assert_msg(look_up(1, &out) == 0, "%s", rest_err.text);
    ck_assert_int_eq(out.entries[0].hit_count, 0);
    results_done(&out);
}
END_TEST

/* A whole number is one key: several of them are asked for one by one, and a word is nowhere. */
START_TEST(test_several_numbers_are_looked_up_one_by_one)
{
    struct koppel_results out;
    IS_DESCRIBED("", FIND("\"many\":true,\"list\":\"\",\"query\":{\"id\":\"{value|integer}\"}"));
    rest_answers(200, "[{\"id\":7},{\"id\":9}]");
    ck_assert_msg(look_up(3, &out) == 0, "%s", rest_err.text);
    ck_assert_int_eq(out.entries[0].hit_count, 1);
    ck_assert_int_eq(out.entries[1].hit_count, 1);
    ck_assert_int_eq(out.entries[2].hit_count, 0);
    ck_assert_str_eq(rest_peer.asked, "GET https://shop.example/api/o?id=9");
    results_done(&out);
    /* it is the setting that is no number, which says nothing of the key */
    IS_DESCRIBED("", FIND("\"list\":\"\",\"query\":{\"id\":\"{value}\","
                          "\"t\":\"{tenant|integer}\"}"));
    ck_assert_int_eq(look_up(1, &out), -1);
    ck_assert_int_eq(rest_err.kind, KOPPEL_E_CONFIG);
    results_done(&out);
}
END_TEST

/* ---- what an answer says of a write ---- */

static const struct {
    unsigned status;
    const char *answer;
    int written, read; /* 0: a success */
} successes[] = {
    {200, "{\"state\":\"done\",\"id\":7}", 0, 0},
    {200, "{\"state\":\"failed\",\"id\":7}", KOPPEL_E_REJECTED, KOPPEL_E_REJECTED},
    {200, "{\"error\":\"E9\"}", KOPPEL_E_EXISTS, KOPPEL_E_EXISTS},
    {200, "{}", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
    {200, "", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
    {204, "", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
    {200, "ok", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
    {200, "<html>", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
    {200, "{\"state\":", KOPPEL_E_UNSURE, KOPPEL_E_RETRY},
};

START_TEST(test_a_success_is_what_the_description_calls_so)
{
    struct koppel_results out;
    IS_DESCRIBED("\"success\":{\"place\":\"state\",\"values\":[\"done\"]},\"code\":\"error\","
                 "\"kinds\":{\"E9\":\"exists\"}",
                 "\"can\":[\"create\",\"find\"],\"find\":[\"id\"],\"repeat\":\"lookup\",\"calls\":{"
                 "\"create\":{\"path\":\"/o\"},\"find\":{\"id\":{\"path\":\"/o/{value}\"}}}");
    rest_answers(successes[_i].status, successes[_i].answer);
    int rc = create_one("{\"id\":\"7\"}", &out);
    ck_assert_msg((rc == 0 ? 0 : rest_err.kind) == successes[_i].written, "%d %s", rest_err.kind,
                  rest_err.text);
    results_done(&out);
    rc = look_up(1, &out);
    ck_assert_msg((rc == 0 ? 0 : rest_err.kind) == successes[_i].read, "%d %s", rest_err.kind,
                  rest_err.text);
    results_done(&out);
}
END_TEST

static const struct {
    const char *name, *value, *id; /* NULL: UNSURE */
} locations[] = {
    {"location", "/api/o/17", "17"}, {"location", "https://shop.example/api/o/17", "17"},
    {"location", "/api/o/17/", "17"}, {"location", "17", "17"}, {"location", "/", NULL},
    {"x-other", "/api/o/17", NULL},
};

START_TEST(test_an_id_stands_in_a_header)
{
    struct koppel_results out;
    IS_DESCRIBED("", CREATE "{\"path\":\"/o\",\"id_header\":\"Location\"}}");
    rest_answers(201, "");
    rest_peer.header = (struct koppel_pair)KOPPEL_PAIR(locations[_i].name, locations[_i].value);
    int rc = create_one("{\"words\":\"x\"}", &out);
    ck_assert_msg(rc == (locations[_i].id ? 0 : -1), "%s", rest_err.text);
    if (rc == 0)
        ck_assert_str_eq(out.entries[0].hits[0].id, locations[_i].id);
    else
        ck_assert_int_eq(rest_err.kind, KOPPEL_E_UNSURE);
    results_done(&out);
}
END_TEST

/* A code, or a text, of a row of the answer to many, and of an answer as a whole. */
static const struct {
    const char *code;
    int kind; /* 0: done */
    const char *text;
    int kind_by_text;
} codes[] = {
    {"0", 0, "\"\"", 0}, {"\"0\"", 0, "[]", 0}, {"false", 0, "{}", 0}, {"null", 0, "false", 0},
    {"\"\"", 0, "null", 0}, {"7", KOPPEL_E_REJECTED, "\"no\"", KOPPEL_E_REJECTED},
    {"\"E9\"", KOPPEL_E_EXISTS, "[\"no\"]", KOPPEL_E_REJECTED},
    {"{\"n\":5}", KOPPEL_E_REJECTED, "{\"id\":[\"no\"]}", KOPPEL_E_REJECTED},
    {"[\"E9\"]", KOPPEL_E_REJECTED, "true", KOPPEL_E_REJECTED},
    {"\"a code that is longer than any that one would put into a description, by far, as it is a "
     "sentence\"", KOPPEL_E_REJECTED, "7", KOPPEL_E_REJECTED},
};

START_TEST(test_a_code_of_nothing_is_no_failure)
{
    struct koppel_results out;
    char answer[300];
    IS_DESCRIBED("\"code\":\"c\",\"inside\":true,\"kinds\":{\"E9\":\"exists\"}",
                 CREATE "{\"path\":\"/o\",\"body\":[\"{records}\"],\"rows\":{\"list\":\"rows\","
                 "\"id\":\"id\",\"code\":\"c\",\"text\":\"t\"}}}");
    snprintf(answer, sizeof answer, "{\"rows\":[{\"id\":1,\"c\":%s,\"t\":null}]}", codes[_i].code);
    rest_answers(200, answer);
    ck_assert_msg(create_one(full, &out) == 0, "%s", rest_err.text);
    ck_assert_msg(out.entries[0].done == !codes[_i].kind, "%s", out.entries[0].err.text);
    if (codes[_i].kind)
        ck_assert_int_eq(out.entries[0].err.kind, codes[_i].kind);
    results_done(&out);
    snprintf(answer, sizeof answer, "{\"rows\":[{\"id\":1,\"t\":%s}]}", codes[_i].text);
    rest_answers(200, answer);
    ck_assert_msg(create_one(full, &out) == 0, "%s", rest_err.text);
    ck_assert_msg(out.entries[0].done == !codes[_i].kind_by_text, "%s", out.entries[0].err.text);
    results_done(&out);
    snprintf(answer, sizeof answer, "{\"rows\":[{\"id\":1}],\"c\":%s}", codes[_i].code);
    rest_answers(200, answer);
    int rc = create_one(full, &out);
    ck_assert_msg((rc == 0 ? 0 : rest_err.kind) == codes[_i].kind, "%s", rest_err.text);
    results_done(&out);
}
END_TEST

static const struct {
    const char *row;
    bool done;
} rows[] = {
    {"{\"id\":1,\"c\":0,\"t\":\"well done\"}", true},
    {"{\"id\":1,\"c\":false,\"t\":\"well done\"}", true},
    {"{\"id\":1,\"c\":\"\",\"t\":\"no\"}", false},
    {"{\"id\":1,\"c\":null,\"t\":\"no\"}", false},
    {"{\"id\":1,\"t\":\"\"}", true},
};

START_TEST(test_a_code_of_nothing_says_more_than_words)
{
    struct koppel_results out;
    char answer[200];
    IS_DESCRIBED("", CREATE "{\"path\":\"/o\",\"body\":[\"{records}\"],\"rows\":{\"list\":\"\","
                 "\"id\":\"id\",\"code\":\"c\",\"text\":\"t\"}}}");
    snprintf(answer, sizeof answer, "[%s]", rows[_i].row);
    rest_answers(200, answer);
    ck_assert_msg(create_one(full, &out) == 0, "%s", rest_err.text);
    ck_assert_msg(out.entries[0].done == rows[_i].done, "%s", out.entries[0].err.text);
    results_done(&out);
}
END_TEST

/* ---- a list ends only where the system says so ---- */

static const struct {
    const char *pages, *next; /* the member of the answer */
    int rc;
} nexts[] = {
    {"cursor", "\"x\"", 1}, {"cursor", "7", 1}, {"cursor", "null", 0}, {"cursor", "\"\"", 0},
    {"cursor", "false", 0}, {"cursor", "{\"after\":7}", -1}, {"cursor", NULL, -1},
    {"link", "\"/api/o?p=2\"", 1}, {"link", "null", 0}, {"link", "false", 0},
    {"link", "{\"href\":\"/api/o?p=2\"}", -1},
};

START_TEST(test_a_next_page_that_cannot_be_asked_for_is_told)
{
    static char answer[6000], members[600], longest[5001];
    struct koppel_batch out = {.plugin = "rest"};
    struct koppel_read_request request = {.entity = "order", .limit = 10};
    memset(longest, 'x', sizeof longest - 1);
    snprintf(members, sizeof members, "\"can\":[\"read\"],\"changes\":\"snapshot\",\"calls\":{"
             "\"read\":{\"path\":\"/o\",\"list\":\"rows\",\"query\":{\"after\":\"{cursor}\"},"
             "\"pages\":{\"by\":\"%s\",\"next\":\"next\"}}}", nexts[_i].pages);
    IS_DESCRIBED("", members);
    snprintf(answer, sizeof answer, "{\"rows\":[{\"id\":\"1\"}],\"next\":%s%s%s}",
             nexts[_i].next ? "" : "\"", nexts[_i].next ? nexts[_i].next : longest,
             nexts[_i].next ? "" : "\"");
    rest_answers(200, answer);
    int rc = read_page(&rest, &request, &out, &rest_err);
    ck_assert_msg(rc == (nexts[_i].rc < 0 ? -1 : 0), "%s", rest_err.text);
    if (rc == 0)
        ck_assert_int_eq(out.more, nexts[_i].rc);
    else
        ck_assert_int_eq(rest_err.kind, KOPPEL_E_CONFIG);
    batch_done(&out);
}
END_TEST

UNIT_MAIN("rest_once")
{
    tcase_add_test(t, test_a_body_takes_all_that_the_record_has);
    tcase_add_test(t, test_no_text_is_too_long_for_a_body);
    LOOP(test_what_cannot_be_put_in_is_refused, unfit);
    LOOP(test_a_batch_has_a_key_for_each_record, batches);
    tcase_add_test(t, test_one_record_in_a_list_has_its_own_job);
    LOOP(test_not_there_is_what_the_system_said, lookups);
    tcase_add_test(t, test_an_empty_answer_is_what_the_description_says);
    tcase_add_test(t, test_several_numbers_are_looked_up_one_by_one);
    LOOP(test_a_success_is_what_the_description_calls_so, successes);
    LOOP(test_an_id_stands_in_a_header, locations);
    LOOP(test_a_code_of_nothing_is_no_failure, codes);
    LOOP(test_a_code_of_nothing_says_more_than_words, rows);
    LOOP(test_a_next_page_that_cannot_be_asked_for_is_told, nexts);
}
