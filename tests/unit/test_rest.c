/* SPDX-License-Identifier: MIT
 * The REST connector: texts, places, cursors, what statuses mean, pages by address, messages. */
#include "rest_host.h"

#include "place.h"
#include "position.h"
#include "since.h"
#include "template.h"
#include "unit.h"

static const char shop[] =
    "{\"title\":\"Shop\",\"connector\":\"rest\",\"settings\":[{\"name\":\"url\",\"type\":\"url\"},"
    "{\"name\":\"key\",\"secret\":true}],\"service\":{\"base\":\"{url}/api\","
    "\"decimals\":\"number\","
    "\"errors\":{\"code\":\"error.code\",\"text\":\"error.text\",\"inside\":true,"
    "\"kinds\":{\"17\":\"exists\",\"18\":\"retry\"},\"statuses\":{\"418\":\"stale\"}}},"
    "\"entities\":[{\"name\":\"order\",\"key\":\"id\",\"can\":[\"read\",\"fetch\",\"find\","
    "\"create\","
    "\"update\",\"receive\"],\"find\":[\"id\"],\"repeat\":\"idempotent\","
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"},{\"name\":\"at\"}],"
    "\"calls\":{\"read\":{\"path\":\"/orders\",\"query\":{\"from\":\"{since}\"},\"list\":\"rows\","
    "\"pages\":{\"by\":\"link\"},\"since\":{\"field\":\"at\"}},"
    "\"fetch\":{\"path\":\"/orders/{id}\"},\"find\":{\"id\":{\"path\":\"/orders/{value}\"}},"
    "\"create\":{\"path\":\"/orders\",\"put\":{\"key\":\"{job|short}\"}},"
    "\"update\":{\"path\":\"/orders/{id}\",\"headers\":{\"If-Match\":\"{version}\"}},"
    "\"receive\":{\"record\":\"data\",\"gone\":{\"place\":\"event\",\"values\":[\"gone\"]},"
    "\"only\":{\"place\":\"event\",\"values\":[\"gone\",\"made\"]},"
    "\"signature\":{\"header\":\"X-Sign\",\"secret\":\"{key}\",\"prefix\":\"v1=\","
    "\"timestamp\":\"X-Time\","
    "\"signed\":\"{timestamp}.{body}\"}},\"subscribe\":{\"path\":\"/hooks\",\"id\":\"data.id\","
    "\"body\":{\"to\":\"{hook_url}\",\"key\":\"{hook_secret}\"}},"
    "\"unsubscribe\":{\"path\":\"/hooks/{id}\"}}}]}";

static void describe(void)
{
    ck_assert_msg(rest_describe(shop), "%s", rest_err.text);
    rest_peer.header = (struct koppel_pair){0};
    rest_err = (struct koppel_error){0};
}

START_TEST(test_places)
{
    char text[32];
    json_t *value = json_loads("{\"a\":{\"b\":[{\"c\":17},true,null]},\"d\":\"x\"}", 0, NULL);
    static const char *const wrong[] = {".", "a.", "a..b", "a[", "a[x]", "a[]", "a]", "a[0]b",
                                        "[0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(place_fault(wrong[i]) != NULL, "%s", wrong[i]);
    ck_assert_ptr_null(place_fault("a.b[0].c"));
    ck_assert_ptr_null(place_fault("[3].c"));
    ck_assert(place_text(value, "a.b[0].c", text, sizeof text));
    ck_assert_str_eq(text, "17");
    ck_assert(place_text(value, "a.b[1]", text, sizeof text));
    ck_assert_str_eq(text, "true");
    ck_assert_ptr_null(place_get(value, "a.b[2]"));
    ck_assert_ptr_null(place_get(value, "a.b[7].c"));
    ck_assert(!place_text(value, "a", text, sizeof text));
    ck_assert(!place_text(value, "d", text, 1));
    json_decref(value);
}
END_TEST

static const struct {
    const char *text, *out; /* NULL: it is not known */
} texts[] = {
    {"/a/{id}", "/a/x%2F%20%C3%A9"}, {"{{id}", "{id}"}, {"{url}", "https%3A%2F%2Fshop.example"},
    {"{since}", NULL}, {"{record.a}", "b%3F"}, {"{record.z}", NULL}, {"{page}", "3"},
    {"{offset}", NULL}, {"{id|integer}", NULL}, {"{now}", "1767225600"}, {"", ""},
};

START_TEST(test_texts)
{
    struct text out = {0};
    struct vars v = VARS_NONE;
    describe();
    v.id = "x/ \xC3\xA9";
    v.page = 3;
    json_t *record = json_pack("{s:s}", "a", "b?");
    v.record = record;
    int rc = template_text(&rest, texts[_i].text, &v, TEMPLATE_ESCAPED, &out);
    if (texts[_i].out)
        ck_assert_str_eq(out.data, texts[_i].out);
    ck_assert_int_eq(rc, texts[_i].out ? 0 : 1);
    text_done(&out);
    json_decref(record);
}
END_TEST

START_TEST(test_since)
{
    char out[SINCE_BYTES];
    json_t *iso = json_pack("{s:s}", "field", "at"), *n = json_pack("{s:s}", "format", "integer");
    json_t *seconds = json_pack("{s:s}", "format", "unix");
    since_earlier(iso, "2026-03-01T00:00:10+01:00", 60000, out);
    ck_assert_str_eq(out, "2026-02-28T22:59:10Z");
    since_earlier(iso, "2026-03-01 00:00:10", 10000, out);
    ck_assert_str_eq(out, "2026-03-01T00:00:00");
    since_earlier(n, "5", 9, out);
    ck_assert_str_eq(out, "0");
    since_earlier(seconds, "100", 60000, out);
    ck_assert_str_eq(out, "40");
    ck_assert_int_lt(since_compare(n, "9", "10"), 0);
    ck_assert_int_gt(since_compare(iso, "2026-01-01T00:00:00-01:00", "2026-01-01T00:30:00Z"), 0);
    /* two changes of one second are two versions */
    json_t *a = json_pack("{s:s}", "x", "1"), *b = json_pack("{s:s}", "x", "2");
    ck_assert_int_ne(since_version(seconds, "100", a), since_version(seconds, "100", b));
    ck_assert_int_eq(since_version(seconds, "100", a) / 1000, 100);
    ck_assert_int_eq(since_version(n, "100", a), 100);
    json_decref(a);
    json_decref(b);
    json_decref(iso);
    json_decref(n);
    json_decref(seconds);
}
END_TEST

static const struct {
    unsigned status;
    const char *body;
    int kind;
    const char *reason;
} answers[] = {
    {400, "{\"error\":{\"text\":\"no\"}}", KOPPEL_E_REJECTED, ""},
    {409, "", KOPPEL_E_REJECTED, ""},
    {403, "{}", KOPPEL_E_REJECTED, "access"},
    {404, "{}", KOPPEL_E_CONFIG, ""},
    {404, "<html>", KOPPEL_E_UNSURE, ""},
    {302, "<html>", KOPPEL_E_UNSURE, ""},
    {302, "", KOPPEL_E_UNSURE, ""},
    {307, "{}", KOPPEL_E_UNSURE, ""},
    {408, "{}", KOPPEL_E_UNSURE, ""},
    {412, "{}", KOPPEL_E_RETRY, "version.stale"},
    {418, "{}", KOPPEL_E_RETRY, "version.stale"},
    {500, "{}", KOPPEL_E_UNSURE, ""},
    {500, "<html>", KOPPEL_E_UNSURE, "peer.down"},
    {200, "<html>", KOPPEL_E_UNSURE, "peer.down"},
    {200, "{\"id\":", KOPPEL_E_UNSURE, ""},
    {200, "{\"error\":{\"code\":17}}", KOPPEL_E_EXISTS, ""},
    {200, "{\"error\":{\"code\":18}}", KOPPEL_E_RETRY, ""},
    {200, "{\"error\":{\"code\":99}}", KOPPEL_E_REJECTED, ""},
    {400, "{\"error\":{\"code\":\"17\"}}", KOPPEL_E_EXISTS, ""},
    {201, "{\"id\":{}}", KOPPEL_E_UNSURE, ""},
};

START_TEST(test_what_an_answer_means)
{
    struct koppel_results out;
    json_t *record = json_pack("{s:s}", "total", "0.10");
    struct koppel_write_item item = {.struct_size = sizeof item, .job = "a/b/1", .record = record};
    const struct koppel_write_item *items[] = {&item};
    struct koppel_write_request request = {.verb = KOPPEL_VERB_CREATE, .count = 1,
                                           .entity = "order", .items = items};
    describe();
    results_init(&out, 1);
    rest_answers(answers[_i].status, answers[_i].body);
    ck_assert_int_eq(write_records(&rest, &request, &out, &rest_err), -1);
    ck_assert_msg(rest_err.kind == answers[_i].kind, "%d: %s", rest_err.kind, rest_err.text);
    ck_assert_str_eq(rest_err.reason, answers[_i].reason);
    results_done(&out);
    json_decref(record);
}
END_TEST

START_TEST(test_decimals_are_sent_digit_for_digit)
{
    struct koppel_results out;
    json_t *record = json_pack("{s:s,s:s}", "total", "1234567.890", "at", "\"\\\n");
    struct koppel_write_item item = {.struct_size = sizeof item, .job = "a/b/1", .record = record};
    const struct koppel_write_item *items[] = {&item};
    struct koppel_write_request request = {.verb = KOPPEL_VERB_CREATE, .count = 1,
                                           .entity = "order", .items = items};
    describe();
    results_init(&out, 1);
    rest_answers(201, "{\"id\":\"o7\",\"total\":1234567.89}");
    ck_assert_msg(write_records(&rest, &request, &out, &rest_err) == 0, "%s", rest_err.text);
    ck_assert_str_eq(out.entries[0].hits[0].id, "o7");
    ck_assert_ptr_nonnull(strstr(rest_peer.asked, "{\"total\":1234567.890,\"at\":\"\\\"\\\\\\n\","
                                                  "\"key\":\""));
    results_done(&out);
    /* a name that looks like the mark of a number, with what is none, stays a text */
    struct text text = {0};
    json_t *evil = json_pack("{s:s}", "\001number", "1,\"admin\":true");
    text_add_json(&text, evil);
    ck_assert_str_eq(text.data, "{\"\\u0001number\":\"1,\\\"admin\\\":true\"}");
    text_done(&text);
    json_decref(evil);
    json_decref(record);
}
END_TEST

static const struct {
    const char *link;
    const char *asked; /* NULL: it is refused */
} links[] = {
    {"<https://shop.example/api/orders?p=2>; rel=\"next\"",
     "GET https://shop.example/api/orders?p=2"},
    {"</x>; rel=\"prev\", </api/orders?p=2>; rel=\"next\"",
     "GET https://shop.example/api/orders?p=2"},
    {"<https://shop.example.evil/api?p=2>; rel=\"next\"", NULL},
    {"<https://shop.example@evil/api?p=2>; rel=\"next\"", NULL},
    {"<http://shop.example/api?p=2>; rel=next", NULL},
    {"<//evil/api?p=2>; rel=\"next\"", NULL},
};

START_TEST(test_the_next_page_is_of_the_same_host)
{
    struct koppel_batch out = {.plugin = "rest"};
    struct koppel_read_request request = {.entity = "order", .limit = 10};
    describe();
    rest_peer.header = (struct koppel_pair)KOPPEL_PAIR("link", links[_i].link);
    rest_answers(200, "{\"rows\":[{\"id\":\"1\",\"total\":1.50,\"at\":\"2026-01-01\"}]}");
    int rc = read_page(&rest, &request, &out, &rest_err);
    ck_assert_int_eq(rc, links[_i].asked ? 0 : -1);
    if (rc != 0) {
        ck_assert_int_eq(rest_err.kind, KOPPEL_E_CONFIG);
        batch_done(&out);
        return;
    }
    ck_assert(out.more);
    ck_assert_str_eq(json_string_value(json_object_get(out.records[0].record, "total")), "1.50");
    char *cursor = strdup(out.next_cursor);
    batch_done(&out);
    out = (struct koppel_batch){.plugin = "rest"};
    request.cursor = cursor;
    rest_peer.header = (struct koppel_pair){0};
    rest_answers(200, "{\"rows\":null}");
    ck_assert_int_eq(read_page(&rest, &request, &out, &rest_err), 0);
    ck_assert_str_eq(rest_peer.asked, links[_i].asked);
    ck_assert(!out.more);
    batch_done(&out);
    free(cursor);
}
END_TEST

static const char *const cursors[] = {"", "x", "{", "{\"since\":7}", "{\"page\":-1}", "[]",
                                      "{\"page\":99999999999999999999}", "{\"next\":\"\"}"};

START_TEST(test_any_cursor_begins_or_goes_on)
{
    struct koppel_batch out = {.plugin = "rest"};
    struct koppel_read_request request = {.entity = "order", .limit = 10, .cursor = cursors[_i]};
    describe();
    rest_answers(200, "{\"rows\":[]}");
    ck_assert_int_eq(read_page(&rest, &request, &out, &rest_err), 0);
    ck_assert(out.next_cursor && !out.more);
    batch_done(&out);
}
END_TEST

static const struct {
    const char *body, *time, *signature; /* NULL: the right one */
    int kind, count;
    enum batch_kind record;
} messages[] = {
    {"{\"event\":\"made\",\"data\":{\"id\":\"7\",\"total\":2,\"at\":\"2026-01-01\"}}",
     "1767225600", NULL, 0, 1, BATCH_RECORD},
    {"{\"event\":\"gone\",\"data\":{\"id\":\"7\"}}", "1767225300", NULL, 0, 1, BATCH_GONE},
    {"{\"event\":\"other\",\"data\":{\"id\":\"7\"}}", "1767225600", NULL, 0, 0, 0},
    {"{\"event\":\"made\",\"data\":{\"id\":\"7\"}}", "1767225200", NULL, KOPPEL_E_AUTH, 0, 0},
    {"{\"event\":\"made\",\"data\":{\"id\":\"7\"}}", "soon", NULL, KOPPEL_E_AUTH, 0, 0},
    {"{\"event\":\"made\",\"data\":{\"id\":\"7\"}}", "1767225600", "v1=00", KOPPEL_E_AUTH, 0, 0},
    {"{\"event\":\"made\",\"data\":{\"id\":\"7\"}}", "1767225600", "", KOPPEL_E_AUTH, 0, 0},
    {"{\"event\":\"gone\",\"data\":{}}", "1767225600", NULL, KOPPEL_E_REJECTED, 0, 0},
    {"{\"event\":\"made\",\"data\":7}", "1767225600", NULL, KOPPEL_E_REJECTED, 0, 0},
    {"{\"event\":", "1767225600", NULL, KOPPEL_E_REJECTED, 0, 0},
};

START_TEST(x12_a_message_is_proven_before_it_counts)
{
    unsigned char made[KOPPEL_HMAC_SHA256_BYTES];
    char text[300], sign[80] = "v1=";
    struct koppel_batch out = {.plugin = "rest", .unended = true};
    describe();
    int n = snprintf(text, sizeof text, "%s.%s", messages[_i].time, messages[_i].body);
    host_table.hmac(NULL, KOPPEL_HMAC_SHA256, "hush", 4, text, (uint64_t)n, made, &rest_err);
    for (int i = 0; i < KOPPEL_HMAC_SHA256_BYTES; i++)
        snprintf(sign + 3 + 2 * i, 3, "%02x", made[i]);
    struct koppel_pair headers[] = {
        KOPPEL_PAIR("x-sign", messages[_i].signature ? messages[_i].signature : sign),
        KOPPEL_PAIR("x-time", messages[_i].time)};
    struct koppel_subscription s = {.entity = "order", .url = "https://k.example/1", .secret = "x"};
    struct koppel_receive_request request = {
        .method = "POST", .headers = headers, .header_count = 2, .body = messages[_i].body,
        .body_bytes = strlen(messages[_i].body), .subscription = &s};
    int rc = receive_message(&rest, &request, &out, &rest_err);
    ck_assert_msg(rc == (messages[_i].kind ? -1 : 0), "%s", rest_err.text);
    if (rc != 0)
        ck_assert_int_eq(rest_err.kind, messages[_i].kind);
    ck_assert_int_eq(out.count, messages[_i].count);
    if (out.count > 0) {
        ck_assert_int_eq(out.records[0].kind, messages[_i].record);
        ck_assert_str_eq(out.records[0].key, "7");
    }
    batch_done(&out);
}
END_TEST

START_TEST(test_what_is_not_there_is_told_as_gone)
{
    static const char *const ids[] = {"7"};
    struct koppel_batch out = {.plugin = "rest", .unended = true};
    struct koppel_fetch_request request = {.entity = "order", .count = 1, .ids = ids};
    describe();
    rest_answers(404, "{}");
    ck_assert_int_eq(fetch_records(&rest, &request, &out, &rest_err), 0);
    ck_assert_int_eq(out.records[0].kind, BATCH_GONE);
    batch_done(&out);
    /* a page of something in between says nothing of the record */
    out = (struct koppel_batch){.plugin = "rest", .unended = true};
    rest_answers(404, "<html>");
    ck_assert_int_eq(fetch_records(&rest, &request, &out, &rest_err), -1);
    ck_assert_int_eq(rest_err.kind, KOPPEL_E_RETRY);
    /* the answer is of another record */
    rest_answers(200, "{\"id\":\"8\"}");
    ck_assert_int_eq(fetch_records(&rest, &request, &out, &rest_err), 0);
    ck_assert_int_eq(out.records[0].kind, BATCH_UNREADABLE_RECORD);
    batch_done(&out);
}
END_TEST

START_TEST(test_a_system_is_asked_to_send)
{
    struct koppel_results out;
    struct koppel_subscription s = {.entity = "order", .url = "https://k.example/h", .secret = "x"};
    describe();
    results_init(&out, 1);
    rest_answers(201, "{\"data\":{\"id\":9}}");
    ck_assert_msg(receive_subscribe(&rest, &s, &out, &rest_err) == 0, "%s", rest_err.text);
    ck_assert_str_eq(out.entries[0].hits[0].id, "9");
    ck_assert_str_eq(rest_peer.asked, "POST https://shop.example/api/hooks\n"
                                      "{\"to\":\"https://k.example/h\",\"key\":\"x\"}");
    results_done(&out);
    results_init(&out, 1);
    rest_answers(201, "{}");
    ck_assert_int_eq(receive_subscribe(&rest, &s, &out, &rest_err), -1);
    ck_assert_int_eq(rest_err.kind, KOPPEL_E_UNSURE);
    results_done(&out);
    s.id = "9";
    rest_answers(404, "{}"); /* it is not known there any more */
    ck_assert_int_eq(receive_unsubscribe(&rest, &s, &rest_err), 0);
    ck_assert_str_eq(rest_peer.asked, "DELETE https://shop.example/api/hooks/9");
    rest_answers(500, "{}");
    ck_assert_int_eq(receive_unsubscribe(&rest, &s, &rest_err), -1);
    ck_assert_int_eq(rest_err.kind, KOPPEL_E_RETRY);
}
END_TEST

/* Each of the batch has an outcome of its own: done, refused, and one that cannot be sent. */
START_TEST(test_many_in_one_call)
{
    static const char many[] =
        "{\"title\":\"Many\",\"connector\":\"rest\",\"service\":{\"base\":\"https://shop.example\","
        "\"errors\":{\"kinds\":{\"twice\":\"exists\"}}},\"entities\":[{\"name\":\"order\","
        "\"key\":\"id\",\"can\":[\"create\"],\"repeat\":\"upsert\",\"batch\":{\"write\":3},"
        "\"fields\":[{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"}],"
        "\"calls\":{\"create\":{\"path\":\"/many\",\"body\":[\"{records}\"],"
        "\"rows\":{\"id\":\"id\",\"code\":\"code\",\"text\":\"text\"}}}}]}";
    struct koppel_results out;
    json_t *good = json_pack("{s:s}", "total", "1.5"), *bad = json_pack("{s:s}", "total", "much");
    struct koppel_write_item a = {.job = "a", .record = good}, b = {.job = "b", .record = bad},
                             c = {.job = "c", .record = good};
    const struct koppel_write_item *items[] = {&a, &b, &c};
    struct koppel_write_request request = {.verb = KOPPEL_VERB_CREATE, .count = 3,
                                           .entity = "order", .items = items};
    ck_assert_msg(rest_describe(many), "%s", rest_err.text);
    results_init(&out, 3);
    rest_answers(200, "[{\"id\":1},{\"code\":\"twice\",\"text\":\"it is there\"}]");
    ck_assert_msg(write_records(&rest, &request, &out, &rest_err) == 0, "%s", rest_err.text);
    ck_assert_str_eq(strchr(rest_peer.asked, '\n'), "\n[[{\"total\":1.5},{\"total\":1.5}]]");
    ck_assert(out.entries[0].done);
    ck_assert_int_eq(out.entries[1].err.kind, KOPPEL_E_REJECTED);
    ck_assert_int_eq(out.entries[2].err.kind, KOPPEL_E_EXISTS);
    results_done(&out);
    results_init(&out, 3);
    rest_answers(200, "[{\"id\":1}]"); /* of which, nobody can tell */
    ck_assert_int_eq(write_records(&rest, &request, &out, &rest_err), -1);
    ck_assert_int_eq(rest_err.kind, KOPPEL_E_UNSURE);
    results_done(&out);
    json_decref(good);
    json_decref(bad);
}
END_TEST

#define COUNT_OF(list) (int)(sizeof list / sizeof *list)

static void tests(TCase *t)
{
    tcase_add_test(t, test_places);
    tcase_add_loop_test(t, test_texts, 0, COUNT_OF(texts));
    tcase_add_test(t, test_since);
    tcase_add_loop_test(t, test_what_an_answer_means, 0, COUNT_OF(answers));
    tcase_add_test(t, test_decimals_are_sent_digit_for_digit);
    tcase_add_loop_test(t, test_the_next_page_is_of_the_same_host, 0, COUNT_OF(links));
    tcase_add_loop_test(t, test_any_cursor_begins_or_goes_on, 0, COUNT_OF(cursors));
    tcase_add_loop_test(t, x12_a_message_is_proven_before_it_counts, 0, COUNT_OF(messages));
    tcase_add_test(t, test_what_is_not_there_is_told_as_gone);
    tcase_add_test(t, test_a_system_is_asked_to_send);
    tcase_add_test(t, test_many_in_one_call);
}

int main(void)
{
    return unit_run("rest", tests);
}
