/* SPDX-License-Identifier: MIT
 * plugins/mpluskassa/soap: what cannot be read costs its record alone. */
#include "soap_fixture.h"

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

UNIT_MAIN("soap odd")
{
    tcase_set_timeout(t, 30);
    LOOP(refuses_answers, broken);
    tcase_add_test(t, truncated);
    tcase_add_test(t, not_soap);
    LOOP(f12_one_odd_record_is_set_aside, bends);
    tcase_add_test(t, f12_what_is_not_read_does_no_harm);
    tcase_add_test(t, f12_many_odd_records);
    tcase_add_test(t, f12_an_article_inside_its_product);
    tcase_add_test(t, f12_a_page_that_is_cut_off_is_none);
    tcase_add_test(t, f18_byte_order_mark);
    tcase_add_test(t, faults);
}
