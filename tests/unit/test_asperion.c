/* SPDX-License-Identifier: MIT
 * The Asperion connector against answers from a script: what it reads and finds. */
#include "asperion_host.h"

/* ---- records ---- */

static json_t *sample_value(const json_t *field, bool wire);

/* A record, or the row of it, with every field that can be written. */
static json_t *sample(json_t *fields, bool wire)
{
    size_t i;
    json_t *field, *out = json_object();
    json_array_foreach(fields, i, field) {
        const char *name = koppel_get_text(field, "name", "");
        if (!koppel_get_bool(field, "read_only", 0))
            json_object_set_new(out, wire ? koppel_get_text(field, "wire", name) : name,
                                sample_value(field, wire));
    }
    return out;
}

static json_t *sample_value(const json_t *field, bool wire)
{
    const char *type = koppel_get_text(field, "type", "text");
    if (strcmp(type, "decimal") == 0)
        return json_string("-19.99");
    if (strcmp(type, "integer") == 0)
        return wire ? json_integer(7) : json_string("7");
    if (strcmp(type, "boolean") == 0)
        return json_true();
    if (strcmp(type, "date") == 0)
        return json_string(wire ? "2026-02-03T00:00:00" : "2026-02-03");
    if (strcmp(type, "time") == 0)
        return json_string("2026-02-03T04:05:06");
    if (strcmp(type, "list") != 0)
        return json_sprintf("text of %s", koppel_get_text(field, "name", ""));
    json_t *one = sample(json_object_get(field, "fields"), wire);
    return wire ? json_pack("{s:[o]}", "_data", one) : json_pack("[o]", one);
}

START_TEST(test_round_trip)
{
    char place[ANSWER_PLACE_BYTES];
    json_t *fields = records_fields(&books, entity_names[_i]);
    ck_assert_msg(json_array_size(fields) > 2, "%s", entity_names[_i]);
    json_t *record = sample(fields, false), *row = sample(fields, true);
    json_t *sent = body_make(&books, fields, record, err);
    ck_assert_msg(sent != NULL, "%s: %s", entity_names[_i], failure);
    char *is = json_dumps(sent, JSON_SORT_KEYS), *should = json_dumps(row, JSON_SORT_KEYS);
    ck_assert_str_eq(is, should);
    json_t *again = records_read(fields, sent, place);
    ck_assert(json_equal(again, record));
    free(is);
    free(should);
    json_decref(again);
    json_decref(sent);
    json_decref(row);
    json_decref(record);
}
END_TEST

START_TEST(test_no_reference)
{
    json_t *row = json_loads(
        "{\"id\":5,\"_meta\":{},\"state\":0,\"lines\":{\"_data\":[{\"id\":0,\"amount\":\"-1.5\","
        "\"debtorId\":0,\"ledgerAccountId\":8000,\"description\":null}]}}",
        0, NULL);
    char place[ANSWER_PLACE_BYTES];
    json_t *record = records_read(records_fields(&books, "financial-mutation"), row, place);
    add_json(told, "", record);
    ck_assert_str_eq(told, "{\"id\":\"5\",\"lines\":[{\"amount\":\"-1.5\",\"id\":\"0\","
                           "\"ledgerAccountId\":\"8000\"}],\"state\":\"0\"}\n");
    json_decref(record);
    json_decref(row);
}
END_TEST

/* ---- finding ---- */

START_TEST(test_find_year_of_record)
{
    json_t *about = json_pack("{s:s}", "date", "2024-12-31T00:00:00");
    answers[0] = ROWS(
        "{\"id\":1,\"sourceDocumentNumber\":\"W-10\"},"
        "{\"id\":2,\"date\":\"2024-12-31T00:00:00\",\"sourceDocumentNumber\":\"W-1\","
        "\"lines\":{\"_data\":[{\"amount\":5,\"vatAmount\":0.0,\"vatCode\":\"\",\"costCenterId\":0,"
        "\"bookingDate\":\"2024-12-31\"}]}}");
    ck_assert_int_eq(find("financial-mutation", "sourceDocumentNumber", " W-1 ", about), 0);
    ck_assert_str_eq(asked,
                     "GET /v1/journalentrieswithlines?SourceDocumentNumber=W-1&"
                     "SourceDocumentNumber_comparison=Equals&BookYear=2024&page=1&pageSize=100\n");
    ck_assert_str_eq(told,
                     "0 2 {\"date\":\"2024-12-31\",\"id\":\"2\",\"lines\":[{\"amount\":\"5\"}],"
                     "\"sourceDocumentNumber\":\"W-1\"}\n");
    json_decref(about);
}
END_TEST

START_TEST(test_find_three_years)
{
    answers[0] = NONE;
    ck_assert_int_eq(find("journal-entry", "sourceDocumentNumber", "D-1", NULL), 0);
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2026"));
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2025"));
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2024"));
    ck_assert_ptr_null(strstr(asked, "BookYear=2023"));
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(test_find_article)
{
    answers[0] = ROWS("{\"id\":3,\"articleNumber\":\"A-1\",\"active\":false}");
    ck_assert_int_eq(find("article", "articleNumber", "A-1", NULL), 0);
    ck_assert_ptr_nonnull(strstr(asked, "ActiveState=All"));
    ck_assert_str_eq(told, "0 3 {\"active\":false,\"articleNumber\":\"A-1\",\"id\":\"3\"}\n");
}
END_TEST

/* ---- reading ---- */

START_TEST(test_orders_with_parties)
{
    answers[0] = ROWS(
        "{\"id\":1,\"debtorCustomerNumber\":\"10\",\"lines\":{\"_data\":[{\"articleId\":7},{}]}},"
        "{\"id\":2,\"debtorCustomerNumber\":\"10\"},"
        "{\"id\":3,\"debtorCustomerNumber\":\"11\",\"lines\":{\"_data\":[{\"articleId\":7}]}},"
        "{\"id\":4}");
    answers[1] = ROWS("{\"id\":5,\"customerNumber\":\"10\",\"name\":\"N\"}");
    answers[2] = ROWS("{\"id\":7,\"articleNumber\":\"A\",\"salesTypeId\":2,\"currentStock\":4}");
    answers[3] = NONE;
    ck_assert_int_eq(read_first("sales-order", NULL), 0);
#define DEBTOR                                                                                     \
    "\"debtor\":{\"customerNumber\":\"10\",\"id\":\"5\",\"name\":\"N\"},\"debtorCustomerNumber\":" \
    "\"10\""
#define ARTICLE "{\"article\":{\"articleNumber\":\"A\",\"salesTypeId\":\"2\"},\"articleId\":\"7\"}"
    ck_assert_str_eq(told,
                     "1 {" DEBTOR ",\"id\":\"1\",\"lines\":[" ARTICLE ",{}]}\n"
                     "2 {" DEBTOR ",\"id\":\"2\"}\n"
                     "3 {\"debtorCustomerNumber\":\"11\",\"id\":\"3\",\"lines\":[" ARTICLE "]}\n"
                     "4 {\"id\":\"4\"}\nend\n");
    ck_assert_int_eq(looks_at("/v1/debtors?"), 2);
    ck_assert_int_eq(looks_at("/v1/articles?"), 1);
    /* The next page knows them, until they are too old. */
    answer_at = 0;
    ck_assert_int_eq(read_first("sales-order", NULL), 0);
    ck_assert_int_eq(looks_at("/v1/debtors?"), 2);
    books.kept_since -= 3600 * 1000;
    answer_at = 0;
    ck_assert_int_eq(read_first("sales-order", NULL), 0);
    ck_assert_int_eq(looks_at("/v1/debtors?"), 4);
}
END_TEST

START_TEST(test_stock_by_location)
{
    answers[0] = ROWS("{\"id\":1,\"currentStock\":1.250,\"locations\":{\"_data\":[{\"location\":"
                      "\"A\",\"stock\":3}]}}");
    ck_assert_int_eq(read_first("stock", NULL), 0);
    ck_assert_str_eq(told, "1 {\"currentStock\":\"1.25\",\"id\":\"1\"}\nend\n");
    told[0] = '\0';
    json_t *options = json_pack("{s:b}", "locations", 1);
    ck_assert_int_eq(read_first("stock", options), 0);
    ck_assert_str_eq(told, "1 "
                           "{\"currentStock\":\"1.25\",\"id\":\"1\",\"locations\":[{\"location\":"
                           "\"A\",\"stock\":\"3\"}]}\n"
                           "end\n");
    json_decref(options);
}
END_TEST

START_TEST(test_article_without_stock)
{
    answers[0] =
        ROWS("{\"id\":1,\"articleNumber\":\"A\",\"currentStock\":1,\"reserved\":2,\"onOrder\":0,"
             "\"backOrder\":0,\"locations\":{\"_data\":[]}}");
    ck_assert_int_eq(read_first("article", NULL), 0);
    ck_assert_str_eq(told, "1 {\"articleNumber\":\"A\",\"id\":\"1\"}\nend\n");
    /* Nor are they sent back with a change. */
    asked[0] = '\0';
    answers[1] = "204 ";
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "article", "1", "{\"active\":\"false\"}"), 0);
    ck_assert_ptr_nonnull(
        strstr(asked, "PUT /v1/articles/1\n{\"articleNumber\":\"A\",\"active\":false}\n"));
}
END_TEST

START_TEST(test_dates_with_a_zone)
{
    answers[0] = ROWS("{\"id\":1,\"date\":\"2026-06-30T22:00:00Z\"},{\"id\":2,\"date\":"
                      "\"2026-07-01T00:00:00\"},{\"id\":3,\"date\":\"2026-07-01T00:00:00+02:00\"}");
    ck_assert_int_eq(read_first("sales-invoice", NULL), 0);
    ck_assert_str_eq(told, "1 {\"date\":\"2026-06-30T22:00:00Z\",\"id\":\"1\"}\n"
                           "2 {\"date\":\"2026-07-01\",\"id\":\"2\"}\n"
                           "3 {\"date\":\"2026-07-01T00:00:00+02:00\",\"id\":\"3\"}\nend\n");
}
END_TEST

/* Those that fit come first, with what decides on it. */
START_TEST(test_vat_codes)
{
    answers[0] = ROWS(
        "{\"id\":\"9\",\"description\":\"Oud\",\"salesCode\":true,\"percentage\":19,"
        "\"validUntil\":\"2012-09-30T00:00:00\",\"countryCode\":\"NL\"},"
        "{\"id\":\"20\",\"description\":\"Voor\",\"salesCode\":false,\"percentage\":21.00},"
        "{\"id\":\"1\",\"description\":\"Hoog\",\"salesCode\":true,\"percentage\":21.00,"
        "\"validFrom\":\"2012-10-01\",\"countryCode\":\"NL\"},"
        "{\"id\":\"30\",\"description\":\"Straks\",\"salesCode\":true,\"percentage\":9.5,"
        "\"validFrom\":\"2027-01-01\"}");
    ck_assert_int_eq(choices_list(&books, "vat-codes", NULL, err), 0);
    ck_assert_str_eq(told,
                     "1: Hoog (21.00 %, sales, NL, from 2012-10-01)\n"
                     "  rate: 21.00\n  country: NL\n  kind: sales\n"
                     "20: Voor (21.00 %, purchase)\n"
                     "  rate: 21.00\n  kind: purchase\n"
                     "9: Oud (19 %, sales, NL, until 2012-09-30: it is no longer valid)\n"
                     "  rate: 19\n  country: NL\n  kind: sales\n  until: 2012-09-30\n"
                     "  not: it is no longer valid\n"
                     "30: Straks (9.5 %, sales, from 2027-01-01: it is not yet valid)\n"
                     "  rate: 9.5\n  kind: sales\n  not: it is not yet valid\n");
}
END_TEST

UNIT_MAIN("asperion")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, test_round_trip, 0, ENTITIES);
    tcase_add_test(t, test_no_reference);
    tcase_add_test(t, test_find_year_of_record);
    tcase_add_test(t, test_find_three_years);
    tcase_add_test(t, test_find_article);
    tcase_add_test(t, test_orders_with_parties);
    tcase_add_test(t, test_stock_by_location);
    tcase_add_test(t, test_article_without_stock);
    tcase_add_test(t, test_dates_with_a_zone);
    tcase_add_test(t, test_vat_codes);
}
