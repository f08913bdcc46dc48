/* SPDX-License-Identifier: MIT
 * The Asperion connector: what a bad answer means, and what goes back as it came. */
#include "asperion_host.h"
#include "base/json_read.h"

static struct answer_text text_of(const char *text)
{
    return (struct answer_text){text, strlen(text)};
}

/* ---- text ---- */

START_TEST(test_borders)
{
    struct answer_text whole = text_of("{\"x\":{\"_data\":7}, \"_data\" : [ {\"n\":\"]}\\\"\x0b\"}"
                                       " , 12 ,[[ ]] ], \"y\":1}");
    struct answer_text rest = answer_member(whole, "_data"), element;
    static const char *const elements[] = {"{\"n\":\"]}\\\"\x0b\"}", "12", "[[ ]]"};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(answer_next(&rest, &element), 1);
        ck_assert_uint_eq(element.bytes, strlen(elements[i]));
        ck_assert_int_eq(memcmp(element.start, elements[i], element.bytes), 0);
    }
    ck_assert_int_eq(answer_next(&rest, &element), 0);
    ck_assert_uint_eq(answer_member(whole, "z").bytes, 0);
    ck_assert_uint_eq(answer_member(text_of("[]"), "z").bytes, 0);
    ck_assert_uint_eq(answer_member(text_of("{\"z\":\"never"), "z").bytes, 0);
    rest = text_of("[]");
    ck_assert_int_eq(answer_next(&rest, &element), 0);
    rest = text_of("[1");
    ck_assert_int_eq(answer_next(&rest, &element), -1);
}
END_TEST

/* What the catalogue does not know goes back as it was written, numbers to the last digit. */
START_TEST(test_body_keeps_what_is_unknown)
{
    const char *row = "{\"id\":6,\"rate\":1.10,\"own\":{\"a\":[1.0]},\"amountExclVat\":10.50,"
                      "\"lines\":{\"_data\":[{\"id\":1,\"amount\":10.50,"
                      "\"factor\":0.3333333333333333}]}}";
    json_t *fields = records_fields(&books, "sales-invoice");
    json_t *body = json_read(row, strlen(row), NULL, NULL);
    body_strip(fields, body);
    char *text = body_text(fields, body, text_of(row));
    ck_assert_str_eq(text, "{\"rate\":1.10,\"own\":{\"a\":[1.0]},\"amountExclVat\":10.50,"
                           "\"lines\":{\"_data\":[{\"amount\":10.50,"
                           "\"factor\":0.3333333333333333}]}}");
    free(text);
    json_decref(body);
}
END_TEST

START_TEST(test_decimals_that_are_sent)
{
    static const char *const cases[][2] = {{"121.00", "121.00"},     {"+1.5", "1.5"},
                                           {"007.50", "7.50"},       {".5", "0.5"},
                                           {"5.", "5"},              {"-0.00", "0.00"},
                                           {"-0.01", "-0.01"},       {"0", "0"},
                                           {"12345678901234567890.12", "12345678901234567890.12"}};
    char expected[64];
    json_t *record = json_pack("{s:s}", "amountExclVat", cases[_i][0]);
    json_t *fields = records_fields(&books, "sales-invoice");
    json_t *body = body_make(&books, fields, record, err);
    ck_assert_msg(body != NULL, "%s", failure);
    char *text = body_text(fields, body, text_of(""));
    snprintf(expected, sizeof expected, "{\"amountExclVat\":%s}", cases[_i][1]);
    ck_assert_str_eq(text, expected);
    free(text);
    json_decref(body);
    json_decref(record);
}
END_TEST

START_TEST(test_no_decimals)
{
    static const char *const cases[] = {"1,5", "1e3", "-", ".", "1.2.3", "0x10", " 1",
                                        "1234567890123456789012345678901234567890123456789"};
    json_t *record = json_pack("{s:s}", "amountExclVat", cases[_i]);
    ck_assert_ptr_null(body_make(&books, records_fields(&books, "sales-invoice"), record, err));
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(failure, "field amountExclVat must be a decimal number");
    json_decref(record);
}
END_TEST

/* ---- rows ---- */

#define GOOD(id) "{\"id\":" #id ",\"name\":\"N\"}"

/* One row of three cannot be read: the two others go on, and it is told with its place. */
START_TEST(f12_one_bad_row)
{
    static const char *const cases[][2] = {
        {"{\"id\":2,\"name\":\"\\ud83d\"}", "unreadable 2: line 1, column "},
        {"{\"id\":2,\"name\":\"Bloe\x0bmen\"}", "unreadable 2: line 1, column "},
        {"{\"id\":\"2\",\"name\":\"\\u0000\"}", "unreadable 2: line 1, column "},
        {"{\"id\":2,\"name\":{\"value\":\"N\"}}", "unreadable 2: name: it is no text"},
        {"{\"id\":2,\"name\":[\"N\"]}", "unreadable 2: name: it is no text"},
        {"{\"id\":2,\"dateAdded\":\"20261-01-01\"}",
         "unreadable 2: dateAdded: \"20261-01-01\" is no time"},
        {"{\"id\":2,\"dateAdded\":\"2026-01-01T24:00:00\"}",
         "unreadable 2: dateAdded: \"2026-01-01T24:00:00\" is no time"},
        {"{\"id\":2,\"dateAdded\":\"2026-02-29\"}",
         "unreadable 2: dateAdded: \"2026-02-29\" is no time"},
        {"{\"id\":2,\"paymentConditionId\":1.5}",
         "unreadable 2: paymentConditionId: \"1.5\" is no whole number"},
        {"{\"id\":2,\"blocked\":\"perhaps\"}",
         "unreadable 2: blocked: \"perhaps\" is no true or false"},
        {"{\"name\":\"N\"}", "unreadable : id: it has none"},
        {"17", "unreadable : id: it has none"},
    };
    char answer[1024];
    snprintf(answer, sizeof answer,
             "200 {\"_data\":[" GOOD(1) ",%s," GOOD(3) "],\"_meta\":{\"administrationId\":42}}",
             cases[_i][0]);
    answers[0] = answer;
    ck_assert_msg(read_first("debtor", NULL) == 0, "%s", failure);
    /* With its text as it came. */
    ck_assert_msg(strstr(told, cases[_i][0]) != NULL, "%s", told);
    ck_assert_ptr_nonnull(strstr(told, "1 {\"id\":\"1\",\"name\":\"N\"}\n"));
    ck_assert_ptr_nonnull(strstr(told, "3 {\"id\":\"3\",\"name\":\"N\"}\nend\n"));
    ck_assert_msg(strstr(told, cases[_i][1]) != NULL, "%s", told);
}
END_TEST

START_TEST(f12_amount_that_is_none)
{
    answers[0] = ROWS("{\"id\":1,\"amountExclVat\":\"12,50\"},{\"id\":2,\"lines\":{\"_data\":["
                      "{\"amount\":1},{\"amount\":\"NaN\"}]}},{\"id\":3}");
    ck_assert_int_eq(read_first("sales-invoice", NULL), 0);
    ck_assert_msg(strstr(told, "amountExclVat: \"12,50\" is no decimal number") != NULL, "%s",
                  told);
    ck_assert_msg(strstr(told, "lines[1].amount: \"NaN\" is no decimal number") != NULL, "%s",
                  told);
    ck_assert_ptr_nonnull(strstr(told, "3 {\"id\":\"3\"}\nend\n"));
}
END_TEST

/* A page whose borders are lost is no page. */
START_TEST(f12_broken_page)
{
    answers[0] = "200 {\"_data\":[{\"id\":1,\"name\":\"N}],\"_meta\":{\"administrationId\":42}}";
    ck_assert_int_eq(read_first("debtor", NULL), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_RETRY);
    ck_assert_str_eq(told, "");
}
END_TEST

/* A row that cannot be read may be the one that is looked for: it is not "not there". */
START_TEST(f12_look_up)
{
    answers[0] = ROWS("{\"id\":1,\"emailAddress\":\"a@x.nl\",\"name\":\"\\ud83d\"}");
    ck_assert_int_eq(find("debtor", "emailAddress", "a@x.nl", NULL), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(reason, "record.unreadable");
    ck_assert_str_eq(told, "");
}
END_TEST

/* An order with a party that cannot be read parks alone. */
START_TEST(f12_party)
{
    answers[0] = ROWS("{\"id\":1,\"debtorCustomerNumber\":\"10\"},{\"id\":2}");
    answers[1] = ROWS("{\"id\":5,\"customerNumber\":\"10\",\"name\":{}}");
    ck_assert_msg(read_first("sales-order", NULL) == 0, "%s", failure);
    ck_assert_msg(strstr(told, "unreadable 1: debtor 10: name: it is no text") != NULL,
                  "%s", told);
    ck_assert_ptr_nonnull(strstr(told, "2 {\"id\":\"2\"}\nend\n"));
}
END_TEST

START_TEST(f10_fetch)
{
    static const char *const ids[] = {"1", "2", "3"};
    struct koppel_fetch_request request = KOPPEL_INIT(request);
    request.entity = "debtor";
    request.ids = ids;
    request.count = 3;
    answers[0] = ROWS("{\"id\":1,\"name\":\"N\"},{\"id\":11,\"name\":\"M\"}");
    answers[1] = NONE;
    answers[2] = ROWS("{\"id\":3,\"name\":\"\\ud83d\"}");
    ck_assert_msg(fetch_records(&books, &request, NULL, err) == 0, "%s", failure);
    ck_assert_ptr_nonnull(strstr(asked, "GET /v1/debtors?Id=1&"));
    ck_assert_msg(strncmp(told, "1 {\"id\":\"1\",\"name\":\"N\"}\ngone 2\nunreadable 3: ", 44) == 0,
                  "%s", told);
    ck_assert_ptr_nonnull(strstr(told, "{\"id\":3,\"name\":\"\\ud83d\"}\n"));
}
END_TEST

/* Of a fetched order its debtor is looked up anew. */
START_TEST(f10_fetch_with_parties)
{
    static const char *const ids[] = {"1"};
    struct koppel_fetch_request request = KOPPEL_INIT(request);
    request.entity = "sales-order";
    request.ids = ids;
    request.count = 1;
    answers[0] = ROWS("{\"id\":1,\"debtorCustomerNumber\":\"10\"}");
    answers[1] = ROWS("{\"id\":5,\"customerNumber\":\"10\",\"name\":\"Old\"}");
    answers[2] = ROWS("{\"id\":1,\"debtorCustomerNumber\":\"10\"}");
    answers[3] = ROWS("{\"id\":5,\"customerNumber\":\"10\",\"name\":\"New\"}");
    ck_assert_int_eq(fetch_records(&books, &request, NULL, err), 0);
    ck_assert_int_eq(fetch_records(&books, &request, NULL, err), 0);
    ck_assert_ptr_nonnull(strstr(told, "Old"));
    ck_assert_ptr_nonnull(strstr(told, "New"));
}
END_TEST

START_TEST(f8_total)
{
    answers[0] = "200 {\"_data\":[{\"id\":1}],"
                 "\"_meta\":{\"administrationId\":42,\"totalCount\":143}}";
    ck_assert_int_eq(read_first("debtor", NULL), 0);
    ck_assert_str_eq(told, "1 {\"id\":\"1\"}\nof 143\nend\n");
}
END_TEST

/* ---- problems ---- */

#define CLOSED                                                                                     \
    "{\"title\":\"Validation failed\",\"status\":400,\"detail\":\"Validation failed\","            \
    "\"errors\":{\"Bookperiod\":[\"The period is closed\"]}}"

static int create_invoice(void)
{
    return write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL,
                      "{\"description\":\"W-1\",\"date\":\"2025-11-03\"}");
}

START_TEST(f6_success_with_a_problem)
{
    answers[0] = "200 " CLOSED;
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(failure, "create sales invoice: Asperion says: \u00abValidation failed; "
                              "Bookperiod: The period is closed\u00bb");
    ck_assert_int_eq(find("debtor", "emailAddress", "a@x.nl", NULL), -1);
    ck_assert_ptr_nonnull(strstr(failure, "The period is closed"));
    ck_assert_int_eq(read_first("debtor", NULL), -1);
    ck_assert_str_eq(told, "");
    answers[0] = "200 {\"errors\":{\"x\":[\"no\"]}}";
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
}
END_TEST

START_TEST(f6_update_with_a_problem)
{
    answers[0] = ROWS("{\"id\":5,\"name\":\"N\",\"city\":\"Ede\"}");
    answers[1] = "200 " CLOSED;
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "debtor", "5", "{\"city\":\"Epe\"}"), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(told, "");
}
END_TEST

/* Errors as a list, a message instead of a title: another shape of the same. */
START_TEST(f6_errors_as_a_list)
{
    answers[0] = "422 {\"message\":\"Boekjaar is afgesloten\",\"errors\":["
                 "{\"code\":\"E42\",\"message\":\"Periode 3 is dicht\"},"
                 "{\"field\":\"date\",\"message\":\"te vroeg\"},\"ook dat\"]}";
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(failure, "create sales invoice: Asperion says: \u00abBoekjaar is afgesloten; "
                              "Periode 3 is dicht; date: te vroeg; ook dat\u00bb");
    answers[0] = "422 {\"errors\":\"geen rechten\"}";
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_ptr_nonnull(strstr(failure, "geen rechten"));
}
END_TEST

/* A record of the books with a status of its own is no problem. */
START_TEST(f6_a_status_is_no_problem)
{
    answers[0] = "201 {\"id\":9,\"status\":1,\"title\":\"X\",\"errors\":{}}";
    ck_assert_msg(create_invoice() == 0, "%s", failure);
    answers[0] = "201 {\"id\":9,\"status\":500}";
    answer_at = 0;
    ck_assert_msg(create_invoice() == 0, "%s", failure);
}
END_TEST

START_TEST(f6_no_id_is_no_success)
{
    static const char *const bodies[] = {"201 ", "200 {}", "200 {\"id\":0}", "200 {\"id\":null}",
                                         "204 "};
    answers[0] = bodies[_i];
    answers[1] = NONE;
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_UNSURE);
    /* Somebody else's document of that name is not ours. */
    answers[1] = ROWS("{\"id\":7,\"description\":\"W-1\",\"date\":\"2025-10-01\"}");
    answer_at = 0;
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_UNSURE);
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(test_words_once)
{
    static const char *const cases[][2] = {
        {"400 {\"title\":\"Bad\",\"detail\":\"Bad\"}", "\u00abBad\u00bb"},
        {"400 {\"title\":\"Bad.\",\"detail\":\"Bad. Really.\"}", "\u00abBad. Really.\u00bb"},
        {"400 {\"title\":\"Bad\",\"errors\":{\"a\":[\"Bad\"],\"b\":[\"x\",\"y\"],\"c\":\"z\"}}",
         "\u00abBad; a; b: x, y; c: z\u00bb"},
        {"400 {\"title\":\"Bad. Really.\",\"detail\":\"Bad.\"}", "\u00abBad. Really.\u00bb"},
        {"400 {}", "\u00abno reason given\u00bb"},
        {"400 ", "\u00abno reason given\u00bb"},
    };
    answers[0] = cases[_i][0];
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_msg(strstr(failure, cases[_i][1]) != NULL, "%s", failure);
    ck_assert_ptr_null(strstr(failure, "{"));
}
END_TEST

/* What each answer means: to a write, to a look-up, to a reading. 0: it says nothing is wrong. */
START_TEST(test_kinds)
{
#define PAGE "<html><title>Maintenance</title></html>"
    static const struct {
        const char *answer;
        int write, find, read;
    } cases[] = {
        {"400 {\"title\":\"T\"}", KOPPEL_E_REJECTED, KOPPEL_E_REJECTED, KOPPEL_E_REJECTED},
        {"403 {\"title\":\"T\"}", KOPPEL_E_REJECTED, KOPPEL_E_REJECTED, KOPPEL_E_CONFIG},
        {"403 " PAGE, KOPPEL_E_REJECTED, KOPPEL_E_REJECTED, KOPPEL_E_CONFIG},
        {"405 ", KOPPEL_E_REJECTED, KOPPEL_E_REJECTED, KOPPEL_E_CONFIG},
        {"404 ", KOPPEL_E_CONFIG, KOPPEL_E_CONFIG, KOPPEL_E_CONFIG},
        {"404 " PAGE, KOPPEL_E_UNSURE, KOPPEL_E_CONFIG, KOPPEL_E_CONFIG},
        {"302 " PAGE, KOPPEL_E_UNSURE, KOPPEL_E_CONFIG, KOPPEL_E_CONFIG},
        {"302 ", KOPPEL_E_UNSURE, KOPPEL_E_CONFIG, KOPPEL_E_CONFIG},
        {"408 ", KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"500 {\"title\":\"T\"}", KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"502 " PAGE, KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"200 " PAGE, KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"200 [1]", KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"200 {\"id\":", KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
        {"200 {\"status\":503,\"title\":\"T\"}", KOPPEL_E_UNSURE, KOPPEL_E_RETRY, KOPPEL_E_RETRY},
    };
    answers[0] = cases[_i].answer;
    ck_assert_int_eq(create_invoice(), -1);
    ck_assert_msg(failure_kind == cases[_i].write, "write %s: %d", cases[_i].answer, failure_kind);
    ck_assert_int_eq(find("debtor", "emailAddress", "a@x.nl", NULL), -1);
    ck_assert_msg(failure_kind == cases[_i].find, "find %s: %d", cases[_i].answer, failure_kind);
    ck_assert_int_eq(read_first("debtor", NULL), -1);
    ck_assert_msg(failure_kind == cases[_i].read, "read %s: %d", cases[_i].answer, failure_kind);
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(test_bom_before_an_answer)
{
    answers[0] = "200 \xef\xbb\xbf{\"_data\":[{\"id\":1}],\"_meta\":{\"administrationId\":42}}";
    ck_assert_msg(read_first("debtor", NULL) == 0, "%s", failure);
    answers[0] = "201 \xef\xbb\xbf{\"id\":1}";
    ck_assert_msg(create_invoice() == 0, "%s", failure);
}
END_TEST

UNIT_MAIN("asperion_answer")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, test_borders);
    tcase_add_test(t, test_body_keeps_what_is_unknown);
    tcase_add_loop_test(t, test_decimals_that_are_sent, 0, 9);
    tcase_add_loop_test(t, test_no_decimals, 0, 8);
    tcase_add_loop_test(t, f12_one_bad_row, 0, 12);
    tcase_add_test(t, f12_amount_that_is_none);
    tcase_add_test(t, f12_broken_page);
    tcase_add_test(t, f12_look_up);
    tcase_add_test(t, f12_party);
    tcase_add_test(t, f10_fetch);
    tcase_add_test(t, f10_fetch_with_parties);
    tcase_add_test(t, f8_total);
    tcase_add_test(t, f6_success_with_a_problem);
    tcase_add_test(t, f6_update_with_a_problem);
    tcase_add_test(t, f6_a_status_is_no_problem);
    tcase_add_test(t, f6_errors_as_a_list);
    tcase_add_loop_test(t, f6_no_id_is_no_success, 0, 5);
    tcase_add_loop_test(t, test_words_once, 0, 6);
    tcase_add_loop_test(t, test_kinds, 0, 15);
    tcase_add_test(t, test_bom_before_an_answer);
}
