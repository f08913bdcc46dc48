/* SPDX-License-Identifier: MIT
 * The Asperion connector against answers from a script: what it sends, and what it makes of the
 * answers. */
#include "asperion_host.h"

/* ---- writing ---- */

START_TEST(test_create_answered_empty)
{
    answers[0] = "201 ";
    answers[1] = ROWS("{\"id\":9,\"customerNumber\":\"10\",\"name\":\"N\",\"emailAddress\":"
                      "\"a@x.nl\"}");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL,
                                "{\"name\":\"N\",\"emailAddress\":\"a@x.nl\"}"), 0);
    ck_assert_str_eq(told,
                     "0 9 {\"customerNumber\":\"10\",\"emailAddress\":\"a@x.nl\",\"id\":\"9\","
                     "\"name\":\"N\"}\n");
}
END_TEST

START_TEST(test_create_mutation)
{
    answers[0] =
        "201 {\"id\":77,\"sourceDocumentNumber\":\"W-1\",\"_meta\":{\"administrationId\":42}}";
    ck_assert_int_eq(
        write_text(
            KOPPEL_VERB_CREATE, "financial-mutation", NULL,
            "{\"date\":\"2026-03-02\",\"journalId\":\"90\",\"sourceDocumentNumber\":\"W-1\","
            "\"lines\":["
            "{\"amount\":\"121.00\",\"debtorId\":\"311\"},{\"amount\":\"0.00\",\"ledgerAccountId\":"
            "\"8010\"},"
            "{\"amount\":\"-121.00\",\"ledgerAccountId\":\"8000\",\"costCenterId\":\"4\"}]}"),
        0);
    ck_assert_str_eq(asked,
        "POST /v1/journalentrieswithlines\n"
        "{\"date\":\"2026-03-02T00:00:00\",\"journalId\":\"90\",\"sourceDocumentNumber\":\"W-1\","
        "\"lines\":{\"_data\":[{\"amount\":121.00,\"debtorId\":311,\"vatAmount\":0,"
        "\"vatCode\":\"\","
        "\"costCenterId\":0,\"bookingDate\":\"2026-03-02T00:00:00\"},{\"amount\":-121.00,"
        "\"ledgerAccountId\":8000,\"costCenterId\":4,\"vatAmount\":0,\"vatCode\":\"\","
        "\"bookingDate\":\"2026-03-02T00:00:00\"}]},\"bookyear\":2026,\"bookperiod\":3}\n");
    ck_assert_str_eq(told, "0 77 {\"id\":\"77\",\"sourceDocumentNumber\":\"W-1\"}\n");
}
END_TEST

START_TEST(test_create_mutation_of_zero)
{
    answers[0] = "201 {\"id\":1}";
    ck_assert_int_eq(
        write_text(KOPPEL_VERB_CREATE, "financial-mutation", NULL,
                   "{\"date\":\"2026-03-02\",\"lines\":[{\"amount\":\"-0.00\",\"debtorId\":\"3\"},"
                   "{\"amount\":\"0\",\"ledgerAccountId\":\"8000\"},{\"amount\":\"0\"}]}"),
        0);
    ck_assert_ptr_nonnull(strstr(asked, "[{\"amount\":0.00,\"debtorId\":3,"));
    ck_assert_ptr_null(strstr(strstr(asked, "8000"), "\"amount\""));
    ck_assert_ptr_nonnull(strstr(asked, "\"debtorId\":3"));
    ck_assert_ptr_nonnull(strstr(asked, "\"ledgerAccountId\":8000"));
}
END_TEST

#define CONCEPT                                                                                    \
    "{\"id\":6,\"status\":1,\"description\":\"W-1\",\"date\":\"2026-03-02\",\"bookyear\":2026,"    \
    "\"bookperiod\":3,\"amountExclVat\":10,\"lines\":{\"_data\":[{\"id\":1,\"amount\":10,"         \
    "\"ledgerAccountId\":8000,\"costCenterId\":0,\"_meta\":{}}],\"_meta\":{\"totalCount\":1}}}"
#define SAME                                                                                       \
    "{\"date\":\"2026-03-02T00:00:00\",\"description\":\"W-1\",\"amountExclVat\":\"10.00\","       \
    "\"lines\":[{\"amount\":\"10.00\",\"ledgerAccountId\":\"8000\"}]}"

START_TEST(test_update_same)
{
    answers[0] = ROWS(CONCEPT);
    ck_assert_msg(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6", SAME) == 0, "%s", failure);
    ck_assert_ptr_null(strstr(asked, "PUT"));
    ck_assert_str_eq(told, "0 6 \n");
}
END_TEST

START_TEST(test_update_concept)
{
    answers[0] = ROWS(CONCEPT);
    answers[1] = "204 ";
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6",
                                "{\"amountExclVat\":\"12.00\",\"lines\":[{\"amount\":\"12.00\","
                                "\"ledgerAccountId\":\"8000\"}]}"),
                     0);
    const char *put = strstr(asked, "PUT /v1/salesinvoiceswithlines/6\n");
    ck_assert_msg(put != NULL, "%s", asked);
    ck_assert_ptr_null(strstr(put, "\"id\""));
    ck_assert_ptr_null(strstr(put, "status"));
    ck_assert_ptr_nonnull(strstr(put, "\"description\":\"W-1\""));
    ck_assert_ptr_nonnull(
        strstr(put, "\"lines\":{\"_data\":[{\"amount\":12.00,\"ledgerAccountId\":8000}]}"));
}
END_TEST

START_TEST(test_update_locked)
{
    answers[0] = ROWS("{\"id\":6,\"status\":3,\"description\":\"W-1\"}");
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6", SAME), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(reason, "locked");
    ck_assert_ptr_nonnull(strstr(failure, "its status is 3"));
    ck_assert_ptr_null(strstr(asked, "PUT"));
}
END_TEST

START_TEST(test_no_package)
{
    answers[0] = "403 {\"title\":\"Forbidden\"}";
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-order", NULL, "{\"reference\":\"W-1\"}"),
                     -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(reason, "access");
    ck_assert_msg(strstr(failure, "inTrade") != NULL, "%s", failure);
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL, "{\"name\":\"N\"}"), -1);
    ck_assert_ptr_null(strstr(failure, "inTrade"));
}
END_TEST

START_TEST(test_wrong_path)
{
    answers[0] = "404 ";
    ck_assert_int_eq(find("sales-order", "reference", "W-1", NULL), -1);
    ck_assert_msg(strstr(failure, "check sales_order_path") != NULL, "%s", failure);
    ck_assert_int_eq(find("article", "articleNumber", "1", NULL), -1);
    ck_assert_msg(strstr(failure, "overlay") != NULL, "%s", failure);
}
END_TEST

START_TEST(test_update_gone)
{
    answers[0] = NONE;
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "debtor", "5", "{\"city\":\"Epe\"}"), -1);
    ck_assert_str_eq(reason, "gone");
    /* It went between the look and the change. */
    answers[0] = ROWS("{\"id\":5,\"city\":\"Ede\"}");
    answers[1] = "404 {\"title\":\"Not found\"}";
    answer_at = 0;
    reason[0] = '\0';
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "debtor", "5", "{\"city\":\"Epe\"}"), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(reason, "gone");
}
END_TEST

/* ---- the connection's settings ---- */

START_TEST(test_journal_of_the_settings)
{
    answers[0] = "201 {\"id\":1}";
    set("sales_journal", "71");
    set("general_journal", "91");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL,
                                "{\"description\":\"W-1\"}"), 0);
    ck_assert_ptr_nonnull(strstr(asked, "\"journalId\":\"71\""));
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "journal-entry", NULL,
                                "{\"sourceDocumentNumber\":\"D\"}"), 0);
    ck_assert_ptr_nonnull(strstr(asked, "\"journalId\":\"91\""));
    /* A mapping that names one has the last word. */
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL,
                                "{\"description\":\"W-1\",\"journalId\":\"20\"}"), 0);
    ck_assert_ptr_nonnull(strstr(asked, "\"journalId\":\"20\""));
    set("sales_journal", "");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL,
                                "{\"description\":\"W-1\"}"), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(failure, "set sales_journal") != NULL, "%s", failure);
}
END_TEST

START_TEST(test_debtor_kinds)
{
    answers[0] = "201 {\"id\":1}";
    set("debtor_kind_person", "01");
    set("debtor_kind_company", "02");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL, "{\"kind\":\"company\"}"), 0);
    ck_assert_str_eq(asked, "POST /v1/debtors\n{\"debtorKindId\":\"02\"}\n");
    asked[0] = '\0';
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL, "{\"kind\":\"person\"}"), 0);
    ck_assert_str_eq(asked, "POST /v1/debtors\n{\"debtorKindId\":\"01\"}\n");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL, "{\"kind\":\"shop\"}"), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    told[0] = '\0';
    answers[0] = ROWS("{\"id\":1,\"debtorKindId\":\"02\"},{\"id\":2,\"debtorKindId\":\"01\"},"
                      "{\"id\":3,\"debtorKindId\":\"1\"}");
    ck_assert_int_eq(read_first("debtor", NULL), 0);
    ck_assert_str_eq(told, "1 {\"debtorKindId\":\"02\",\"id\":\"1\",\"kind\":\"company\"}\n"
                           "2 {\"debtorKindId\":\"01\",\"id\":\"2\",\"kind\":\"person\"}\n"
                           "3 {\"debtorKindId\":\"1\",\"id\":\"3\"}\nend\n");
}
END_TEST

#define IN_LINES "\"address\":\" Dorpsstraat\",\"addressLine2\":\"12\",\"addressLine3\":\"\""

START_TEST(test_address_in_lines)
{
    answers[0] = ROWS("{\"id\":5," IN_LINES "}");
    ck_assert_int_eq(read_first("debtor", NULL), 0);
    ck_assert_ptr_nonnull(strstr(told, "\"street\":\"Dorpsstraat 12\""));
    /* The same address in one line is no change. */
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "debtor", "5",
                                "{\"street\":\"Dorpsstraat 12\"}"), 0);
    ck_assert_ptr_null(strstr(asked, "PUT"));
    /* Another one takes the place of all of them. */
    answer_at = 0;
    answers[1] = "204 ";
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "debtor", "5",
                                "{\"street\":\"Kerkweg 1\"}"), 0);
    ck_assert_msg(strstr(asked, "PUT /v1/debtors/5\n{\"address\":\"Kerkweg 1\",\"addressLine2\":"
                                "\"\",\"addressLine3\":\"\"}\n") != NULL, "%s", asked);
}
END_TEST

START_TEST(test_iban)
{
    static const struct {
        const char *iban, *how;
        bool sent, done;
    } cases[] = {
        {"NL91ABNA0417164300", "park", true, true},  {"nl91 abna 0417 1643 00", "park", true, true},
        {"BE68539007547034", "park", true, true},    {"NL92ABNA0417164300", "park", false, false},
        {"NL91ABNA041716430", "park", false, false}, {"12345", "park", false, false},
        {"NL92ABNA0417164300", "leave-out", false, true},
        {"NL92ABNA0417164300", "send", true, true},  {"", "park", false, true},
    };
    json_t *record = json_pack("{s:s,s:s}", "name", "N", "iban", cases[_i].iban);
    char *text = json_dumps(record, 0);
    answers[0] = "201 {\"id\":1}";
    set("wrong_iban", cases[_i].how);
    int rc = write_text(KOPPEL_VERB_CREATE, "debtor", NULL, text);
    ck_assert_int_eq(rc, cases[_i].done ? 0 : -1);
    if (cases[_i].done && *cases[_i].iban)
        ck_assert_int_eq(strstr(asked, cases[_i].iban) != NULL, cases[_i].sent);
    if (!cases[_i].done) {
        ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
        ck_assert_msg(strstr(failure, "field iban: ") != NULL, "%s", failure);
        ck_assert_ptr_null(strstr(failure, cases[_i].iban));
        ck_assert_str_eq(asked, "");
    }
    free(text);
    json_decref(record);
}
END_TEST

/* ---- closed periods ---- */

#define CLOSED                                                                                     \
    "400 {\"title\":\"Validation failed\",\"errors\":{\"BookPeriod\":[\"is closed\"]}}"
#define IN_NOVEMBER "{\"description\":\"W-1\",\"date\":\"2025-11-03\"}"

START_TEST(test_closed_period_parks)
{
    answers[0] = CLOSED;
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL, IN_NOVEMBER), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_int_eq(looks_at("POST"), 1);
}
END_TEST

/* Today is in January 2026: November is closed, and December, and the year ends between. */
START_TEST(test_closed_period_next)
{
    set("closed_period", "next");
    answers[0] = answers[1] = CLOSED;
    answers[2] = "201 {\"id\":4}";
    ck_assert_msg(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL, IN_NOVEMBER) == 0, "%s",
                  failure);
    ck_assert_int_eq(looks_at("POST"), 3);
    ck_assert_ptr_nonnull(strstr(asked, "\"bookyear\":2025,\"bookperiod\":11"));
    ck_assert_ptr_nonnull(strstr(asked, "\"bookyear\":2025,\"bookperiod\":12"));
    ck_assert_ptr_nonnull(strstr(asked, "\"bookyear\":2026,\"bookperiod\":1,"));
    ck_assert_int_eq(looks_at("\"date\":\"2025-11-03T00:00:00\""), 3);
    ck_assert_ptr_nonnull(strstr(told, "0 note closed period: "));
}
END_TEST

START_TEST(test_closed_period_none_open)
{
    set("closed_period", "next");
    answers[0] = CLOSED;
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL, IN_NOVEMBER), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_int_eq(looks_at("POST"), 3);
    /* Another mistake is none of the period, and a lost answer is never followed by another try. */
    asked[0] = '\0';
    answers[0] = "400 {\"errors\":{\"VatCode\":[\"is wrong\"]}}";
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL, IN_NOVEMBER), -1);
    ck_assert_int_eq(looks_at("POST"), 1);
    asked[0] = '\0';
    answers[0] = CLOSED;
    answers[1] = "502 ";
    answer_at = 0;
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-invoice", NULL, IN_NOVEMBER), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_UNSURE);
    ck_assert_int_eq(looks_at("POST"), 2);
}
END_TEST

UNIT_MAIN("asperion_write")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, test_create_answered_empty);
    tcase_add_test(t, test_create_mutation);
    tcase_add_test(t, test_create_mutation_of_zero);
    tcase_add_test(t, test_update_same);
    tcase_add_test(t, test_update_concept);
    tcase_add_test(t, test_update_locked);
    tcase_add_test(t, test_no_package);
    tcase_add_test(t, test_wrong_path);
    tcase_add_test(t, test_update_gone);
    tcase_add_test(t, test_journal_of_the_settings);
    tcase_add_test(t, test_debtor_kinds);
    tcase_add_test(t, test_address_in_lines);
    tcase_add_loop_test(t, test_iban, 0, 9);
    tcase_add_test(t, test_closed_period_parks);
    tcase_add_test(t, test_closed_period_next);
    tcase_add_test(t, test_closed_period_none_open);
}
