/* SPDX-License-Identifier: MIT
 * The message tables of the MplusKASSA connector: writing, reading, and hostile answers.
 * With --print NAME the request message of that case goes to stdout, for the schema check;
 * --names lists the cases. */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugins/mpluskassa/soap_read.h"
#include "plugins/mpluskassa/soap_write.h"
#include "plugins/mpluskassa/types.h"
#include "plugins/mpluskassa/xml.h"
#include "unit.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "             \
    "xmlns:ns=\"urn:mplusqapi\"><SOAP-ENV:Body>"
#define TAIL "</SOAP-ENV:Body></SOAP-ENV:Envelope>"
#define ORDERS(inside)                                                                             \
    HEAD "<ns:GetOrdersResponse><ns:orderList><ns:order>" inside                                   \
         "</ns:order></ns:orderList></ns:GetOrdersResponse>" TAIL

/* A till order with what real ones have: VAT totals, a weighed line, options, payments. */
static const char sample[] = ORDERS(
    "<ns:orderId>5be0</ns:orderId><ns:extOrderId></ns:extOrderId><ns:syncMarker>77</ns:syncMarker>"
    "<ns:orderType>ORDER-TYPE-SALES-ORDER</ns:orderType>"
    "<ns:entryTimestamp><ns:sec>30</ns:sec><ns:min>5</ns:min><ns:hour>9</ns:hour>"
    "<ns:day>12</ns:day><ns:mon>6</ns:mon><ns:year>2026</ns:year><ns:isdst>true</ns:isdst>"
    "<ns:timezone>120</ns:timezone></ns:entryTimestamp>"
    "<ns:relationNumber>681</ns:relationNumber>"
    "<ns:deliveryAddress><ns:name>Caf&#233; &amp; &lt;Zo&gt;</ns:name></ns:deliveryAddress>"
    "<ns:financialDate><ns:day>12</ns:day><ns:mon>6</ns:mon><ns:year>2026</ns:year>"
    "</ns:financialDate><ns:totalInclAmount>3990</ns:totalInclAmount>"
    "<ns:totalExclAmount>-5</ns:totalExclAmount><ns:vatMethod>VAT-METHOD-INCLUSIVE</ns:vatMethod>"
    "<ns:vatGroupList><ns:vatGroup><ns:vatCode>2</ns:vatCode>"
    "<ns:vatPercentage>2100</ns:vatPercentage><ns:exclAmount>3298</ns:exclAmount>"
    "<ns:vatAmount>692</ns:vatAmount></ns:vatGroup></ns:vatGroupList>"
    "<ns:deliveryDate><ns:day>0</ns:day><ns:mon>0</ns:mon><ns:year>0</ns:year></ns:deliveryDate>"
    "<ns:fullyPaid>1</ns:fullyPaid>"
    "<ns:orderNumber><ns:year>2026</ns:year><ns:number>31</ns:number></ns:orderNumber>"
    "<ns:lineList>"
    "<ns:line><ns:articleNumber>14</ns:articleNumber><ns:data><ns:quantity>2</ns:quantity>"
    "<ns:price>1995</ns:price></ns:data><ns:preparationList><ns:line>"
    "<ns:articleNumber>15</ns:articleNumber></ns:line></ns:preparationList></ns:line>"
    "<ns:line><ns:articleNumber>35</ns:articleNumber><ns:data><ns:quantity>-530</ns:quantity>"
    "<ns:decimalPlaces>3</ns:decimalPlaces>"
    "<ns:averagePurchasePrice>1.2345</ns:averagePurchasePrice></ns:data></ns:line>"
    "</ns:lineList><ns:paymentList/><ns:inventedIn2031><ns:order>x</ns:order></ns:inventedIn2031>"
    "<ns:branchGroupNumber/>");

static json_t *read_ok(const char *xml)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *out;

    ck_assert_msg(soap_read(&op_get_orders, xml, strlen(xml), &out, NULL, &fault, why) == 0, "%s",
                  why);
    return out;
}

static json_t *first_order(json_t *answer)
{
    return json_array_get(json_object_get(answer, "orderList"), 0);
}

static void expect_bad(const char *xml, size_t bytes, const char *part)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *out;

    ck_assert_int_eq(soap_read(&op_get_orders, xml, bytes, &out, NULL, &fault, why), -1);
    ck_assert_ptr_null(out);
    ck_assert_msg(strstr(why, part) != NULL, "\"%s\" lacks \"%s\"", why, part);
}

static void expect_json(json_t *got, const char *text)
{
    json_t *want = json_loads(text, JSON_DECODE_ANY, NULL);
    char *shown = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);

    ck_assert_ptr_nonnull(want);
    ck_assert_msg(json_equal(got, want), "got %s\nnot %s", shown, text);
    free(shown);
    json_decref(want);
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

/* What is written for a relation, between the tags of the relation; to be freed. */
static char *written(json_t *record, char why[SOAP_WHY_BYTES])
{
    json_t *params = json_pack("{s:O}", "relation", record);
    size_t bytes;
    char *xml = soap_write(&op_update_relation, params, &bytes, why);

    json_decref(params);
    return xml;
}

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

static const struct {
    const char *inside, *why;
} broken[] = {
    {"<syncMarker>12x</syncMarker>", "syncMarker holds \"12x\""},
    {"<syncMarker>9223372036854775808</syncMarker>", "syncMarker"},
    {"<totalInclAmount>12.5</totalInclAmount>", "totalInclAmount"},
    {"<fullyPaid>yes</fullyPaid>", "fullyPaid"},
    {"<financialDate><day>31</day><mon>13</mon><year>2026</year></financialDate>", "financialDate"},
    {"<financialDate><day>x</day></financialDate>", "day holds \"x\""},
    {"<lineList><line><data><quantity>5</quantity><decimalPlaces>99</decimalPlaces></data></line>"
     "</lineList>", "decimalPlaces"},
    {"<reference>a</order>", "mismatched tag"},
    {"<reference>&euro;</reference>", "undefined entity"},
    {"<reference>\x80</reference>", "holds the byte 0x80"},
};

START_TEST(refuses_answers)
{
    char xml[2048];

    snprintf(xml, sizeof xml, ORDERS("%s"), broken[_i].inside);
    expect_bad(xml, strlen(xml), broken[_i].why);
}
END_TEST

/* Every beginning of an answer is refused, none is taken for the whole. */
START_TEST(truncated)
{
    size_t i, end = strlen(sample);

    for (i = 0; i < end; i++)
        expect_bad(sample, i, "");
}
END_TEST

START_TEST(not_soap)
{
    static const char html[] = "<html><body>502 Bad Gateway</body></html>";
    static const char empty[] = HEAD TAIL;
    static const char doctype[] = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
                                  "<Envelope><Body><r>&b;</r></Body></Envelope>";

    expect_bad(html, strlen(html), "no SOAP envelope");
    expect_bad(empty, strlen(empty), "empty");
    expect_bad(doctype, strlen(doctype), "document type");
    expect_bad("", 0, "no element");
}
END_TEST

static void append(char *xml, const char *text, int times)
{
    char *end = xml + strlen(xml);

    while (times-- > 0) {
        memcpy(end, text, strlen(text) + 1);
        end += strlen(text);
    }
}

START_TEST(depth_bomb)
{
    char *xml = calloc(1, 1 << 20);

    ck_assert_ptr_nonnull(xml);
    append(xml, HEAD "<r><orderList><order>", 1);
    append(xml, "<unknown>", 10000);
    expect_bad(xml, strlen(xml), "nested deeper");
    memset(xml, 0, 1 << 20);
    append(xml, HEAD "<r><orderList><order><lineList>", 1);
    append(xml, "<line><preparationList>", 5000);
    expect_bad(xml, strlen(xml), "nested deeper");
    free(xml);
}
END_TEST

START_TEST(write_depth)
{
    json_t *record = json_object();
    char why[SOAP_WHY_BYTES] = "";
    int i;

    for (i = 0; i < 200; i++)
        record = json_pack("{s:[o]}", "contactList", record);
    ck_assert_ptr_null(written(record, why));
    ck_assert_ptr_nonnull(strstr(why, "nested deeper"));
    json_decref(record);
}
END_TEST

START_TEST(faults)
{
    static const char xml[] =
        HEAD "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client.Authentication</faultcode>"
             "<faultstring>no such ident</faultstring><detail><x/></detail></SOAP-ENV:Fault>" TAIL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES];
    json_t *out;

    ck_assert_int_eq(soap_read(&op_get_orders, xml, strlen(xml), &out, NULL, &fault, why), 1);
    ck_assert_ptr_null(out);
    ck_assert_str_eq(fault.code, "Client.Authentication");
    ck_assert_str_eq(fault.text, "no such ident");
}
END_TEST

/* ---- what cannot be read costs its record alone ---- */

#define PAGE_OF(middle)                                                                            \
    HEAD "<ns:GetOrdersResponse><ns:orderList>"                                                    \
         "<ns:order><ns:orderId>a</ns:orderId><ns:syncMarker>1</ns:syncMarker></ns:order>"         \
         "<ns:order><ns:orderId>b</ns:orderId><ns:syncMarker>2</ns:syncMarker>" middle             \
         "</ns:order>"                                                                             \
         "<ns:order><ns:orderId>c</ns:orderId><ns:reference>last</ns:reference></ns:order>"        \
         "</ns:orderList></ns:GetOrdersResponse>" TAIL

static const struct {
    const char *inside, *place, *why;
} bends[] = {
    {"<ns:deliveryDate><ns:day>1</ns:day><ns:mon>6</ns:mon><ns:year>20262</ns:year>"
     "</ns:deliveryDate>", "order.deliveryDate", "20262-06-01"},
    {"<ns:deliveryDate><ns:day>31</ns:day><ns:mon>2</ns:mon><ns:year>2026</ns:year>"
     "</ns:deliveryDate>", "order.deliveryDate", "does not exist"},
    {"<ns:entryTimestamp><ns:hour>24</ns:hour><ns:day>1</ns:day><ns:mon>6</ns:mon>"
     "<ns:year>2026</ns:year></ns:entryTimestamp>", "order.entryTimestamp", "T24:00"},
    {"<ns:deliveryDate><ns:day>first</ns:day></ns:deliveryDate>", "order.deliveryDate.day",
     "holds \"first\""},
    {"<ns:totalInclAmount>12,10</ns:totalInclAmount>", "order.totalInclAmount", "\"12,10\""},
    {"<ns:totalInclAmount>1090.0</ns:totalInclAmount>", "order.totalInclAmount", "\"1090.0\""},
    {"<ns:relationNumber>9223372036854775808</ns:relationNumber>", "order.relationNumber",
     "\"9223372036854775808\""},
    {"<ns:fullyPaid>maybe</ns:fullyPaid>", "order.fullyPaid", "\"maybe\""},
    {"<ns:lineList><ns:line/><ns:line><ns:data><ns:price>x</ns:price></ns:data></ns:line>"
     "</ns:lineList>", "order.lineList[1].data.price", "\"x\""},
    {"<ns:lineList><ns:line><ns:data><ns:quantity>5</ns:quantity><ns:decimalPlaces>99"
     "</ns:decimalPlaces></ns:data></ns:line></ns:lineList>",
     "order.lineList[0].data.decimalPlaces", "\"99\""},
    {"<ns:lineList><ns:line><ns:data><ns:decimalPlaces>99</ns:decimalPlaces><ns:quantity>5"
     "</ns:quantity></ns:data></ns:line></ns:lineList>", "order.lineList[0].data", "\"99\""},
    {"<ns:invoiceIds><ns:id>fine</ns:id><ns:id>\x01</ns:id></ns:invoiceIds>",
     "order.invoiceIds[1]", "the control character U+0001"},
    {"<ns:reference>Kop\x0bpel</ns:reference>", "order.reference", "the control character U+000B"},
    {"<ns:reference>Kop&#11;pel</ns:reference>", "order.reference", "&#11;, which is no character"},
    {"<ns:reference>half \xed\xa0\xbd</ns:reference>", "order.reference",
     "the half character U+D83D"},
    {"<ns:reference>&#xD83D;</ns:reference>", "order.reference", "&#xD83D;"},
    {"<ns:reference>\xff</ns:reference>", "order.reference", "the byte 0xFF, which is no UTF-8"},
    {"<ns:reference>\xef\xbf\xbf</ns:reference>", "order.reference", "U+FFFF"},
    {"<ns:reference>a & b</ns:reference>", "order.reference", "\"&\" that begins no reference"},
    {"<ns:reference>&euro;</ns:reference>", "order.reference", "the undefined entity &euro;"},
    {"<ns:reference><![CDATA[a\x02]]></ns:reference>", "order.reference", "U+0002"},
    {"<ns:reference>a", "order", "mismatched tag"},
    {"</ns:lineList>", "order", "mismatched tag"},
    {"<ns:reference>3 < 4</ns:reference>", "order.reference", "begins no tag"},
    {"<ns:reference", "order", "not well-formed"},
    {"<ns:deliveryAddress><ns:order>x</ns:order><ns:name>y</ns:deliveryAddress>",
     "order.deliveryAddress", "mismatched tag"},
};

/* F12: the others are read, the odd one is told with its id, its marker, its text and the place. */
START_TEST(f12_one_odd_record_is_set_aside)
{
    struct soap_unreadable *bad = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "", xml[4096];
    json_t *answer, *list;
    int n;

    n = snprintf(xml, sizeof xml, PAGE_OF("%s"), bends[_i].inside);
    ck_assert_msg(soap_read(&op_get_orders, xml, (size_t)n, &answer, &bad, &fault, why) == 0,
                  "%s", why);
    list = json_object_get(answer, "orderList");
    ck_assert_uint_eq(json_array_size(list), 2);
    expect_json(json_array_get(list, 1), "{\"orderId\":\"c\",\"reference\":\"last\"}");
    ck_assert_ptr_nonnull(bad);
    ck_assert_ptr_null(bad->next);
    ck_assert_str_eq(json_string_value(json_object_get(bad->record, "orderId")), "b");
    ck_assert_str_eq(json_string_value(json_object_get(bad->record, "syncMarker")), "2");
    ck_assert_msg(strncmp(bad->place, bends[_i].place, strlen(bends[_i].place)) == 0, "%s",
                  bad->place);
    ck_assert_msg(strstr(bad->why, bends[_i].why) != NULL, "%s", bad->why);
    ck_assert_int_eq(strncmp(bad->raw, "<ns:order><ns:orderId>b<", 24), 0);
    ck_assert_ptr_nonnull(memmem(bad->raw, bad->raw_bytes, bends[_i].inside,
                                 strlen(bends[_i].inside)));
    ck_assert_ptr_null(memmem(bad->raw, bad->raw_bytes, ">c<", 3));
    soap_read_free(bad);
    json_decref(answer);
}
END_TEST

/* What nobody reads does no harm, whatever it holds; nor does a word that a list did not know. */
START_TEST(f12_what_is_not_read_does_no_harm)
{
    static const char *const harmless[] = {
        "<ns:brandNew>\x0b &euro; <ns:deep>\xff</ns:deep></ns:brandNew>",
        "<ns:deliveryState>ORDER-DELIVERY-STATE-ON-ITS-WAY</ns:deliveryState>",
        "<ns:fullyPaid xsi:nil=\"true\"/>", "<!-- \x0b --><?x \x0b?>"};
    struct soap_unreadable *bad = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "", xml[4096];
    json_t *answer;
    size_t i;

    for (i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        snprintf(xml, sizeof xml, PAGE_OF("%s"), harmless[i]);
        ck_assert_msg(soap_read(&op_get_orders, xml, strlen(xml), &answer, &bad, &fault, why) == 0,
                      "%s", why);
        ck_assert_ptr_null(bad);
        ck_assert_uint_eq(json_array_size(json_object_get(answer, "orderList")), 3);
        json_decref(answer);
    }
}
END_TEST

/* Several odd ones in a page, one of them the last; NUL bytes; a record that lost its end. */
START_TEST(f12_many_odd_records)
{
    static const char xml[] =
        HEAD "<r><orderList><order><orderId>1</orderId><tableNumber>x</tableNumber></order>"
             "<order><orderId>2</orderId></order>"
             "<order><orderId>3</orderId><reference>\0</reference></order>"
             "<order><orderId>4</orderId></order>"
             "<order><orderId>5</orderId><reference></orderList></r>" TAIL;
    struct soap_unreadable *bad = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *answer;

    ck_assert_msg(soap_read(&op_get_orders, xml, sizeof xml - 1, &answer, &bad, &fault, why) == 0,
                  "%s", why);
    expect_json(answer, "{\"orderList\":[{\"orderId\":\"2\"},{\"orderId\":\"4\"}]}");
    ck_assert_str_eq(json_string_value(json_object_get(bad->record, "orderId")), "1");
    ck_assert_str_eq(bad->next->why, "holds the control character U+0000");
    ck_assert_str_eq(json_string_value(json_object_get(bad->next->next->record, "orderId")), "5");
    ck_assert_ptr_null(bad->next->next->next);
    soap_read_free(bad);
    json_decref(answer);
}
END_TEST

/* An article is a record of its own for who reads articles; for who reads products it is a part. */
START_TEST(f12_an_article_inside_its_product)
{
    static const char xml[] =
        HEAD "<r><productList><product><productNumber>1</productNumber><articleList>"
             "<article><articleNumber>10</articleNumber><vatCode>x</vatCode></article>"
             "<article><articleNumber>11</articleNumber></article></articleList></product>"
             "</productList></r>" TAIL;
    struct soap_unreadable *bad = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *answer;

    ck_assert_int_eq(soap_read(&op_get_articles, xml, strlen(xml), &answer, &bad, &fault, why), 0);
    expect_json(answer, "{\"productList\":[{\"productNumber\":\"1\",\"articleList\":["
                        "{\"articleNumber\":\"11\"}]}]}");
    ck_assert_str_eq(bad->place, "article.vatCode");
    expect_json(bad->record, "{\"articleNumber\":\"10\"}");
    soap_read_free(bad);
    json_decref(answer);
    ck_assert_int_eq(soap_read(&op_get_products, xml, strlen(xml), &answer, &bad, &fault, why), 0);
    expect_json(answer, "{\"productList\":[]}");
    ck_assert_str_eq(bad->place, "product.articleList[0].vatCode");
    soap_read_free(bad);
    json_decref(answer);
}
END_TEST

/* A page that was cut off is no page, wherever the cut is. */
START_TEST(f12_a_page_that_is_cut_off_is_none)
{
    struct soap_unreadable *bad = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES];
    static const char xml[] = PAGE_OF("<ns:reference>x</ns:reference>");
    json_t *answer;
    size_t i;

    for (i = 0; i < strlen(xml); i++) {
        ck_assert_int_eq(soap_read(&op_get_orders, xml, i, &answer, &bad, &fault, why), -1);
        ck_assert_ptr_null(bad);
        ck_assert_ptr_null(answer);
    }
}
END_TEST

/* F18: a byte order mark is read past; another encoding is told. */
START_TEST(f18_byte_order_mark)
{
    static const char latin[] = "<?xml version='1.0' encoding='ISO-8859-1'?><E/>";
    char xml[8192];

    snprintf(xml, sizeof xml, "\xef\xbb\xbf%s", sample);
    json_decref(read_ok(xml));
    expect_bad(latin, strlen(latin), "encoding is not UTF-8");
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

/* The scanner against expat: what expat takes, it takes, and both see the same. */
struct events {
    char text[4096];
    size_t bytes;
};

static void note(struct events *e, char kind, const char *text, size_t bytes)
{
    if (kind == 'T' && bytes == 0)
        return;
    if (e->bytes + bytes + 2 > sizeof e->text)
        return;
    if (kind != 'T' || e->bytes == 0 || e->text[e->bytes - 1] != '\1')
        e->text[e->bytes++] = kind;
    else
        e->bytes--;
    memcpy(e->text + e->bytes, text, bytes);
    e->bytes += bytes;
    if (kind == 'T')
        e->text[e->bytes++] = '\1'; /* texts in pieces are one */
    e->text[e->bytes] = '\0';
}

static void on_start(void *data, const char *name, const char **attributes)
{
    (void)attributes;
    note(data, '<', name, strlen(name));
}

static void on_end(void *data, const char *name)
{
    note(data, '>', name, strlen(name));
}

static void on_text(void *data, const char *text, int bytes)
{
    note(data, 'T', text, (size_t)bytes);
}

static bool by_expat(const char *xml, struct events *e)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    bool fine;

    XML_SetUserData(parser, e);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    fine = XML_Parse(parser, xml, (int)strlen(xml), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return fine;
}

static bool by_scanner(const char *xml, struct events *e)
{
    struct xml_scan scan;
    bool fine = true;
    int depth = 0;

    xml_init(&scan, xml, strlen(xml));
    for (;;) {
        enum xml_event event = xml_next(&scan);

        if (event == XML_DONE || event == XML_BROKEN) {
            fine = fine && event == XML_DONE;
            break;
        }
        if (event == XML_TEXT && depth > 0) {
            note(e, 'T', scan.text, scan.text_bytes);
            fine = fine && !scan.flaw[0];
        }
        if (event == XML_START)
            note(e, '<', scan.name, scan.name_bytes);
        if (event == XML_END)
            note(e, '>', scan.name, scan.name_bytes);
        depth += event == XML_START ? 1 : event == XML_END ? -1 : 0;
    }
    xml_done(&scan);
    return fine;
}

START_TEST(scanner_and_expat_agree)
{
    static const char *const pieces[] = {
        "<a>",  "</a>", "<b x='1'>", "</b>",  "<c/>",       "<a:d y=\"&lt;>\" />",
        "text", "&amp;", "&#65;",    "&#xe9;", "\r\n",       "\xc3\xa9",
        "\xf0\x9f\x98\x80", "<!-- - -->", "<![CDATA[<]>&]]>", "<?p i?>", "\x0b", "&nope;",
        "\xff", "&#0;", "<", "&", "]]", "<a", "'"};
    unsigned seed = 7, agreed = 0;
    int round, k;

    for (round = 0; round < 30000; round++) {
        char xml[600] = "<r>";
        struct events ours = {0}, theirs = {0};
        bool fine;

        for (k = 0; k < 6; k++) {
            seed = seed * 1103515245u + 12345u;
            strcat(xml, pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])]);
        }
        strcat(xml, "</r>");
        fine = by_expat(xml, &theirs);
        if (fine) {
            ck_assert_msg(by_scanner(xml, &ours), "the scanner refuses %s", xml);
            ck_assert_msg(strcmp(ours.text, theirs.text) == 0, "%s\nis %s\nnot %s", xml, ours.text,
                          theirs.text);
            agreed++;
        }
    }
    ck_assert_uint_gt(agreed, 300);
}
END_TEST

/* 200 orders in one page, as the connector reads them, far faster than 10 000 a second. */
START_TEST(fast_enough)
{
    const char *from = strstr(sample, "<ns:order>"), *to = strstr(sample, "</ns:orderList>");
    size_t one = (size_t)(to - from), room = one * 200 + 1024, at;
    char *xml = malloc(room);
    struct timespec begin, end;
    json_t *answer;
    double seconds;
    int i;

    ck_assert_ptr_nonnull(xml);
    at = (size_t)snprintf(xml, room, HEAD "<ns:GetOrdersResponse><ns:orderList>");
    for (i = 0; i < 200; i++, at += one)
        memcpy(xml + at, from, one);
    snprintf(xml + at, room - at, "</ns:orderList></ns:GetOrdersResponse>" TAIL);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (i = 0; i < 20; i++) {
        answer = read_ok(xml);
        ck_assert_uint_eq(json_array_size(json_object_get(answer, "orderList")), 200);
        json_decref(answer);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("decoded %.0f orders/s\n", 200 * 20 / seconds);
    ck_assert_msg(seconds < 10, "4000 orders took %.1f s", seconds); /* slack for sanitizers */
    free(xml);
}
END_TEST

/* ---- requests for the schema check ---- */

static const struct {
    const char *name;
    const struct soap_operation *op;
    const char *params;
} requests[] = {
    {"getApiVersion", &op_get_api_version, NULL},
    {"getOrders", &op_get_orders, "{\"request\":{\"syncMarker\":\"0\",\"syncMarkerLimit\":200}}"},
    {"getOrders-filtered", &op_get_orders,
     "{\"request\":{\"syncMarker\":\"1043\",\"syncMarkerLimit\":200,"
     "\"branchNumbers\":[\"1\",\"2\"],"
     "\"orderTypeList\":[\"ORDER-TYPE-SALES-ORDER\",\"ORDER-TYPE-TABLE-ORDER\"]}}"},
    {"getOrder", &op_get_order, "{\"orderId\":\"5be0\"}"},
    {"findOrder", &op_find_order, "{\"extOrderId\":\"WEB & 1\"}"},
    {"getRelations", &op_get_relations, "{\"request\":{\"relationNumbers\":[\"681\",\"682\"]}}"},
    {"getRelations-marker", &op_get_relations,
     "{\"request\":{\"syncMarker\":\"12\",\"syncMarkerLimit\":100}}"},
    {"getRelation", &op_get_relation, "{\"relationNumber\":\"681\"}"},
    {"findRelationV2", &op_find_relation,
     "{\"request\":{\"relation\":{\"email\":\"a@b.nl\"},\"exactMatch\":true}}"},
    {"createRelation", &op_create_relation,
     "{\"relation\":{\"name\":\"D'Or & <Co>\",\"companyName\":\"D'Or\",\"email\":\"a@b.nl\","
     "\"birthDate\":\"1980-02-29\",\"discountPercentage\":\"2.50\",\"creditLimit\":\"100.00\","
     "\"categoryIds\":[\"1\"],\"defaultVatMethod\":\"VAT-METHOD-INCLUSIVE\",\"active\":true,"
     "\"customFieldList\":[{\"fieldName\":\"kg\",\"dataType\":\"DATA-TYPE-DECIMAL\","
     "\"intValue\":\"1.15\"}],\"contactList\":[{\"name\":\"An\"}],\"cardNumbers\":[\"7\"]}}"},
    {"updateRelation", &op_update_relation,
     "{\"relation\":{\"relationNumber\":\"681\",\"extraText\":\"a\\nb\","
     "\"invoiceCredit\":\"1.5\"}}"},
    {"getProducts", &op_get_products,
     "{\"request\":{\"syncMarker\":\"1\",\"syncMarkerLimit\":200}}"},
    {"getProducts-numbers", &op_get_products, "{\"request\":{\"articleNumbers\":[\"14\",\"35\"]}}"},
    {"getProducts-plus", &op_get_products,
     "{\"request\":{\"pluNumbers\":[{\"text\":\"AB-12\"},{\"text\":\"<&>\"}],"
     "\"includeAllArticlesOfSelectedProducts\":true,\"productNumbers\":[\"70\",\"71\"]}}"},
    {"createProduct", &op_create_product,
     "{\"product\":{\"productNumber\":\"70\",\"description\":\"Mug\",\"extraText\":\"a\\nb\","
     "\"articleList\":[{\"articleNumber\":\"14\",\"extArticleId\":\"AB-12\",\"pluNumber\":\"AB-"
     "12\","
     "\"active\":\"true\",\"description\":\"Mug\",\"colour\":\"red\",\"size\":\"M\","
     "\"invoiceText\":\"Mug\",\"receiptText\":\"Mug\",\"displayText\":\"Mug\",\"barcode\":\"871\","
     "\"contentQuantity\":\"0.330\",\"brandName\":\"D'Or\",\"extraText\":\"long\","
     "\"turnoverGroup\":\"5\",\"vatCode\":2,\"purchasePrice\":\"4.10\",\"priceIncl\":\"12.505\","
     "\"priceExcl\":\"10.33\",\"unit\":\"st\",\"supplierArticleNumber\":\"S1\",\"webshop\":true,"
     "\"categoryIds\":[\"1\"],\"stockArticle\":true,\"specialPrice\":\"PRICE-NORMAL\","
     "\"customFieldList\":[{\"fieldName\":\"origin\",\"strValue\":\"NL\"}],"
     "\"barcodeList\":[{\"barcode\":\"872\",\"quantity\":\"6\"}]}],"
     "\"groupNumbers\":[\"3\",\"4\"]}}"},
    {"createProduct-empty", &op_create_product, "{\"product\":{\"description\":\"Tee\"}}"},
    {"updateProduct", &op_update_product,
     "{\"product\":{\"productNumber\":\"70\",\"articleList\":[{\"articleNumber\":\"14\","
     "\"active\":false,\"stockArticle\":false}],\"groupNumbers\":[\"3\"]}}"},
    {"getArticleGroups", &op_get_groups, "{\"request\":{}}"},
    {"getArticleGroupChanges", &op_get_group_changes,
     "{\"request\":{\"syncMarker\":\"1\",\"syncMarkerLimit\":200}}"},
    {"newArticleGroup", &op_new_group,
     "{\"request\":{\"parentGroupNumber\":\"0\",\"name\":\"Clothing\"}}"},
    {"updateArticleGroup", &op_update_group,
     "{\"request\":{\"groupNumber\":\"4\",\"text\":\"\",\"parentGroupNumber\":\"3\"}}"},
    {"getStock", &op_get_stock,
     "{\"request\":{\"branchNumber\":\"1\",\"articleNumbers\":[\"14\",\"15\"],\"stockId\":\"31\","
     "\"branchNumbers\":[\"1\",\"2\"]}}"},
    {"getStock-all", &op_get_stock, "{\"request\":{\"branchNumber\":\"1\"}}"},
    {"setStock", &op_set_stock,
     "{\"request\":{\"branchNumber\":\"1\",\"articleNumber\":\"14\",\"amount\":\"-1.250\","
     "\"employeeNumber\":\"999999\",\"reference\":\"Koppel\"}}"},
    {"saveStockCorrections", &op_save_corrections,
     "{\"request\":{\"branchNumber\":\"1\",\"employeeNumber\":\"999999\",\"reference\":\"Koppel\","
     "\"stockCorrectionList\":[{\"articleNumber\":\"14\",\"amount\":\"7\"},"
     "{\"articleNumber\":\"15\",\"amount\":\"0.123456\"}],"
     "\"correctionType\":\"CORRECTION-TYPE-COUNT\","
     "\"correctionMode\":\"STOCK-CORRECTION-MODE-ABSOLUTE\"}}"},
    {"getVatGroupList", &op_get_vat_groups, NULL},
    {"getPaymentMethods", &op_get_payment_methods, NULL},
    {"getDeliveryMethods", &op_get_delivery_methods, NULL},
    {"getBranches", &op_get_branches, NULL},
    {"getEmployees", &op_get_employees, NULL},
    {"getOrderCategories", &op_get_order_categories, NULL},
};
#define REQUESTS (sizeof requests / sizeof requests[0])

static char *request_text(size_t i, char why[SOAP_WHY_BYTES])
{
    json_t *params = requests[i].params != NULL ? json_loads(requests[i].params, 0, NULL) : NULL;
    size_t bytes = 0;
    char *xml = soap_write(requests[i].op, params, &bytes, why);

    json_decref(params);
    return xml;
}

START_TEST(writes_requests)
{
    char why[SOAP_WHY_BYTES] = "", *xml = request_text((size_t)_i, why);

    ck_assert_msg(xml != NULL, "%s: %s", requests[_i].name, why);
    free(xml);
}
END_TEST

static int print_request(const char *name)
{
    char why[SOAP_WHY_BYTES] = "";
    size_t i;

    for (i = 0; i < REQUESTS; i++) {
        char *xml;

        if (strcmp(requests[i].name, name) != 0)
            continue;
        xml = request_text(i, why);
        fputs(xml != NULL ? xml : why, xml != NULL ? stdout : stderr);
        free(xml);
        return xml != NULL ? 0 : 1;
    }
    return 2;
}

static void add_tests(TCase *t)
{
    tcase_add_test(t, reads_an_order);
    LOOP(round_trip, round_trips);
    LOOP(writes, roundings);
    LOOP(refuses, refused);
    LOOP(reads_values, values);
    LOOP(refuses_answers, broken);
    LOOP(writes_requests, requests);
    tcase_add_test(t, truncated);
    tcase_add_test(t, not_soap);
    LOOP(f12_one_odd_record_is_set_aside, bends);
    tcase_add_test(t, f12_what_is_not_read_does_no_harm);
    tcase_add_test(t, f12_many_odd_records);
    tcase_add_test(t, f12_an_article_inside_its_product);
    tcase_add_test(t, f12_a_page_that_is_cut_off_is_none);
    tcase_add_test(t, f18_byte_order_mark);
    tcase_add_test(t, row31_field_and_character);
    tcase_add_test(t, scanner_and_expat_agree);
    tcase_add_test(t, depth_bomb);
    tcase_add_test(t, write_depth);
    tcase_add_test(t, faults);
    tcase_add_test(t, fast_enough);
    tcase_set_timeout(t, 30);
}

int main(int argc, char **argv)
{
    size_t i;

    if (argc == 3 && strcmp(argv[1], "--print") == 0)
        return print_request(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--names") == 0) {
        for (i = 0; i < REQUESTS; i++)
            puts(requests[i].name);
        return 0;
    }
    return unit_run("soap", add_tests);
}
