/* SPDX-License-Identifier: MIT
 * Answers of the till in XML, and what is read of them. */
#ifndef KOPPEL_TESTS_UNIT_SOAP_FIXTURE_H
#define KOPPEL_TESTS_UNIT_SOAP_FIXTURE_H

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

static inline json_t *read_ok(const char *xml)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *out;

    ck_assert_msg(soap_read(&op_get_orders, xml, strlen(xml), &out, NULL, &fault, why) == 0, "%s",
                  why);
    return out;
}

static inline void expect_bad(const char *xml, size_t bytes, const char *part)
{
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES] = "";
    json_t *out;

    ck_assert_int_eq(soap_read(&op_get_orders, xml, bytes, &out, NULL, &fault, why), -1);
    ck_assert_ptr_null(out);
    ck_assert_msg(strstr(why, part) != NULL, "\"%s\" lacks \"%s\"", why, part);
}

static inline void expect_json(json_t *got, const char *text)
{
    json_t *want = json_loads(text, JSON_DECODE_ANY, NULL);
    char *shown = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);

    ck_assert_ptr_nonnull(want);
    ck_assert_msg(json_equal(got, want), "got %s\nnot %s", shown, text);
    free(shown);
    json_decref(want);
}

/* What is written for a relation, between the tags of the relation; to be freed. */
static inline char *written(json_t *record, char why[SOAP_WHY_BYTES])
{
    json_t *params = json_pack("{s:O}", "relation", record);
    size_t bytes;
    char *xml = soap_write(&op_update_relation, params, &bytes, why);

    json_decref(params);
    return xml;
}

#endif
