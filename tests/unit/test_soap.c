/* SPDX-License-Identifier: MIT
 * plugins/mpluskassa/soap: values and records, read and written. */
#include "soap_fixture.h"

static json_t *first_order(json_t *answer)
{
    return json_array_get(json_object_get(answer, "orderList"), 0);
}

START_TEST(reads_an_order)
{
    json_t *answer = read_ok(sample);

    expect_json(answer,
        "{\"orderList\":[{\"orderId\":\"5be0\",\"extOrderId\":\"\",\"syncMarker\":\"77\","
        "\"orderType\":\"ORDER-TYPE-SALES-ORDER\",\"entryTimestamp\":\"2026-06-12T09:05:30+02:00\","
        "\"relationNumber\":\"681\",\"deliveryAddress\":{\"name\":\"Caf\\u00e9 & <Zo>\"},"
        "\"financialDate\":\"2026-06-12\",\"totalInclAmount\":\"39.90\","
        "\"totalExclAmount\":\"-0.05\",\"vatMethod\":\"VAT-METHOD-INCLUSIVE\",\"vatGroupList\":["
        "{\"vatCode\":\"2\",\"vatPercentage\":\"21.00\",\"exclAmount\":\"32.98\","
        "\"vatAmount\":\"6.92\"}],\"fullyPaid\":true,\"orderNumber\":{\"year\":\"2026\","
        "\"number\":\"31\"},\"lineList\":[{\"articleNumber\":\"14\",\"data\":{\"quantity\":\"2\","
        "\"price\":\"19.95\"},\"preparationList\":[{\"articleNumber\":\"15\"}]},"
        "{\"articleNumber\":\"35\",\"data\":{\"quantity\":\"-0.530\","
        "\"averagePurchasePrice\":\"1.2345\"}}],\"paymentList\":[]}]}");
    json_decref(answer);
}
END_TEST

static const struct {
    const char *record, *xml;
} round_trips[] = {
    {"{\"relationNumber\":\"9223372036854775807\"}",
     "<m:relationNumber>9223372036854775807</m:relationNumber>"},
    {"{\"name\":\"D'Or & <Co> \\\"x\\\"\"}", "<m:name>D'Or &amp; &lt;Co&gt; \"x\"</m:name>"},
    {"{\"balance\":\"-0.05\"}", "<m:balance>-5</m:balance>"},
    {"{\"balance\":\"39.90\"}", "<m:balance>3990</m:balance>"},
    {"{\"discountPercentage\":\"2.50\"}", "<m:discountPercentage>250</m:discountPercentage>"},
    {"{\"birthDate\":\"1980-02-29\"}",
     "<m:birthDate><m:day>29</m:day><m:mon>2</m:mon><m:year>1980</m:year></m:birthDate>"},
    {"{\"changeTimestamp\":\"2026-01-05T00:00:09-03:30\"}",
     "<m:changeTimestamp><m:sec>9</m:sec><m:min>0</m:min><m:hour>0</m:hour><m:day>5</m:day>"
     "<m:mon>1</m:mon><m:year>2026</m:year><m:isdst>false</m:isdst><m:timezone>-210</m:timezone>"
     "</m:changeTimestamp>"},
    {"{\"customFieldList\":[{\"fieldName\":\"kg\",\"intValue\":\"-1.15\"}]}",
     "<m:customFieldList><m:customField><m:fieldName>kg</m:fieldName><m:intValue>-115</m:intValue>"
     "<m:decimalPlaces>2</m:decimalPlaces></m:customField></m:customFieldList>"},
    {"{\"cardNumbers\":[\"a\",\"b\"]}",
     "<m:cardNumbers>a</m:cardNumbers><m:cardNumbers>b</m:cardNumbers>"},
    {"{\"categoryIds\":[\"3\",\"4\"]}",
     "<m:categoryIds><m:category>3</m:category><m:category>4</m:category></m:categoryIds>"},
    {"{\"invoiceCredit\":\"-12.3400\",\"directDebit\":false}",
     "<m:invoiceCredit>-12.3400</m:invoiceCredit><m:directDebit>false</m:directDebit>"},
    {"{\"extraText\":\"a\\r\\nb\"}", "<m:extraText>a&#13;\nb</m:extraText>"},
};

START_TEST(round_trip)
{
    json_t *record = json_loads(round_trips[_i].record, 0, NULL), *back;
    char why[SOAP_WHY_BYTES] = "", *xml, *from, *to, *answer;
    struct soap_fault fault;
    size_t room;

    ck_assert_ptr_nonnull(record);
    xml = written(record, why);
    ck_assert_msg(xml != NULL, "%s", why);
    from = strstr(xml, "<m:relation>") + strlen("<m:relation>");
    to = strstr(xml, "</m:relation>");
    ck_assert_uint_eq((size_t)(to - from), strlen(round_trips[_i].xml));
    ck_assert_int_eq(strncmp(from, round_trips[_i].xml, (size_t)(to - from)), 0);

    room = strlen(round_trips[_i].xml) + 512;
    answer = malloc(room);
    ck_assert_ptr_nonnull(answer);
    snprintf(answer, room, HEAD "<x xmlns:m=\"u\"><m:result>GET-RELATION-RESULT-OK</m:result>"
             "<m:relation>%s</m:relation></x>" TAIL, round_trips[_i].xml);
    int rc = soap_read(&op_get_relation, answer, strlen(answer), &back, NULL, &fault, why);
    ck_assert_msg(rc == 0, "%s", why);
    expect_json(json_object_get(back, "relation"), round_trips[_i].record);
    json_decref(back);
    json_decref(record);
    free(answer);
    free(xml);
}
END_TEST

static const struct {
    const char *record, *xml;
} roundings[] = {
    {"{\"balance\":\"1.005\"}", "<m:balance>101</m:balance>"},
    {"{\"balance\":\"19.99\"}", "<m:balance>1999</m:balance>"},
    {"{\"balance\":\"0.285\"}", "<m:balance>29</m:balance>"},
    {"{\"balance\":\"1.00499999999999999999999999\"}", "<m:balance>100</m:balance>"},
    {"{\"balance\":\"-1.005\"}", "<m:balance>-101</m:balance>"},
    {"{\"balance\":7}", "<m:balance>700</m:balance>"},
    {"{\"balance\":\".5\"}", "<m:balance>50</m:balance>"},
    {"{\"customFieldList\":[{\"fieldName\":\"\",\"intValue\":\"0.50000000\"}]}",
     "<m:intValue>500000</m:intValue><m:decimalPlaces>6</m:decimalPlaces>"},
    {"{\"changeTimestamp\":\"2026-01-05T10:11:12.345Z\"}", "<m:timezone>0</m:timezone>"},
    {"{\"active\":\"false\"}", "<m:active>false</m:active>"},
    {"{\"name\":null,\"active\":true}", "<m:relation><m:active>true</m:active></m:relation>"},
};

START_TEST(writes)
{
    json_t *record = json_loads(roundings[_i].record, 0, NULL);
    char why[SOAP_WHY_BYTES] = "", *xml = written(record, why);

    ck_assert_msg(xml != NULL, "%s", why);
    ck_assert_msg(strstr(xml, roundings[_i].xml) != NULL, "%s", xml);
    free(xml);
    json_decref(record);
}
END_TEST

static const struct {
    const char *record, *why;
} refused[] = {
    {"{\"balance\":\"12,50\"}", "Relation.balance cannot hold \"12,50\""},
    {"{\"balance\":\"1e3\"}", "Relation.balance"},
    {"{\"balance\":\"\"}", "Relation.balance"},
    {"{\"balance\":1.5}", "Relation.balance"},
    {"{\"balance\":\"92233720368547758.08\"}", "Relation.balance"},
    {"{\"points\":\"2147483648\"}", "Relation.points"},
    {"{\"points\":\"12a\"}", "Relation.points"},
    {"{\"points\":\" 1\"}", "Relation.points"},
    {"{\"active\":\"yes\"}", "Relation.active"},
    {"{\"active\":1}", "Relation.active"},
    {"{\"birthDate\":\"29-02-1980\"}", "Relation.birthDate"},
    {"{\"birthDate\":\"1980-13-01\"}", "Relation.birthDate"},
    {"{\"changeTimestamp\":\"2026-01-05T25:00:00Z\"}", "Relation.changeTimestamp"},
    {"{\"categoryIds\":\"3\"}", "Relation.categoryIds"},
    {"{\"contactList\":[\"x\"]}", "Relation.contactList"},
    {"{\"name\":\"a\\u0001b\"}", "Relation.name"},
    {"{\"fullname\":\"x\"}", "Relation has no field fullname"},
    {"{\"customFieldList\":[{\"fieldName\":\"\",\"intValue\":\"0.1234567\"}]}",
     "CustomField.intValue"},
    {"{\"customFieldList\":[{\"fieldName\":\"\",\"intValue\":\"1\",\"decimalPlaces\":\"0\"}]}",
     "CustomField has no field decimalPlaces"},
    {"{\"relationArticleDiscountList\":[{\"nothing\":null}]}", "has no field nothing"},
};

START_TEST(refuses)
{
    json_t *record = json_loads(refused[_i].record, 0, NULL);
    char why[SOAP_WHY_BYTES] = "", *xml;

    ck_assert_ptr_nonnull(record);
    xml = written(record, why);
    ck_assert_ptr_null(xml);
    ck_assert_msg(strstr(why, refused[_i].why) != NULL, "\"%s\"", why);
    json_decref(record);
}
END_TEST

static const struct {
    const char *inside, *name, *want; /* want NULL: absent */
} values[] = {
    {"<a:syncMarker> 0042 </a:syncMarker>", "syncMarker", "\"42\""},
    {"<syncMarker></syncMarker>", "syncMarker", NULL},
    {"<fullyPaid/>", "fullyPaid", NULL},
    {"<totalInclAmount>-9223372036854775808</totalInclAmount>", "totalInclAmount",
     "\"-92233720368547758.08\""},
    {"<totalInclAmount>0</totalInclAmount>", "totalInclAmount", "\"0.00\""},
    {"<lineList/>", "lineList", "[]"},
    {"<lineList><other/></lineList>", "lineList", "[]"},
    {"<reference> a &#x20AC; <b>skipped</b></reference>", "reference", "\" a \\u20ac \""},
    {"<reference><![CDATA[<&>]]></reference>", "reference", "\"<&>\""},
    {"<invoiceIds><id>a</id><id></id></invoiceIds>", "invoiceIds", "[\"a\",\"\"]"},
    {"<financialDate><year>2026</year><mon>6</mon><day>1</day></financialDate>", "financialDate",
     "\"2026-06-01\""},
    {"<financialDate><day>1</day><mon>6</mon></financialDate>", "financialDate", NULL},
    {"<entryTimestamp><day>1</day><mon>6</mon><year>2026</year><timezone>-570</timezone>"
     "</entryTimestamp>", "entryTimestamp", "\"2026-06-01T00:00:00-09:30\""},
    {"<lineList><line><data><decimalPlaces>2</decimalPlaces><quantity>5</quantity></data></line>"
     "</lineList>", "lineList", "[{\"data\":{\"quantity\":\"0.05\"}}]"},
    {"<lineList><line><data><decimalPlaces>2</decimalPlaces></data></line></lineList>", "lineList",
     "[{\"data\":{}}]"},
};

START_TEST(reads_values)
{
    char xml[2048];
    json_t *answer, *got;

    snprintf(xml, sizeof xml, ORDERS("%s"), values[_i].inside);
    answer = read_ok(xml);
    got = json_object_get(first_order(answer), values[_i].name);
    if (values[_i].want == NULL)
        ck_assert_ptr_null(got);
    else
        expect_json(got, values[_i].want);
    json_decref(answer);
}
END_TEST

/* Row 31: the message names the field and the character, and not the text, which may be a name. */
START_TEST(row31_field_and_character)
{
    static const struct {
        const char *name, *character;
    } odd[] = {{"Jan\x1b", "U+001B"}, {"\xef\xbf\xbe", "U+FFFE"}};
    size_t i;

    for (i = 0; i < 2; i++) {
        json_t *record = json_object();
        char why[SOAP_WHY_BYTES] = "", want[80];

        json_object_set_new(record, "name", json_string_nocheck(odd[i].name));
        ck_assert_ptr_null(written(record, why));
        snprintf(want, sizeof want, "Relation.name holds the character %s", odd[i].character);
        ck_assert_msg(strstr(why, want) != NULL, "%s", why);
        ck_assert_ptr_null(strstr(why, "Jan"));
        json_decref(record);
    }
}
END_TEST

UNIT_MAIN("soap")
{
    tcase_set_timeout(t, 30);
    tcase_add_test(t, reads_an_order);
    LOOP(round_trip, round_trips);
    LOOP(writes, roundings);
    LOOP(refuses, refused);
    LOOP(reads_values, values);
    tcase_add_test(t, row31_field_and_character);
}
