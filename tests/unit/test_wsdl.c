/* SPDX-License-Identifier: MIT
 * The comparison with the service's description: the vendor's own one agrees with every message we
 * send and read, and each change of it that matters is told. KOPPEL_MPLUS_WSDL says where it is; by
 * default it lies beside KOPPEL_MPLUS_XSD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/mpluskassa/wsdl.h"
#include "unit.h"

#define ROWS_MAX 4000

/* What the comparison tells, a line each. */
static int keep(void *context, const char *where, const char *what)
{
    char *rows = context;
    size_t n = strlen(rows);

    snprintf(rows + n, ROWS_MAX - n, "%s %s\n", where, what);
    return 0;
}

static char *vendor_text(void)
{
    const char *path = getenv("KOPPEL_MPLUS_WSDL"), *schema = getenv("KOPPEL_MPLUS_XSD");
    char beside[1000];
    char *text;
    FILE *file;
    size_t n;

    if (path == NULL && schema != NULL && strlen(schema) > 4) {
        snprintf(beside, sizeof beside, "%.*s.wsdl", (int)strlen(schema) - 4, schema);
        path = beside;
    }
    file = path != NULL ? fopen(path, "r") : NULL;
    if (file == NULL)
        return NULL;
    text = calloc(1, 4u << 20);
    n = text != NULL ? fread(text, 1, (4u << 20) - 1, file) : 0;
    fclose(file);
    if (n > 0)
        return text;
    free(text);
    return NULL;
}

static json_t *read_ok(const char *text)
{
    char why[SOAP_WHY_BYTES] = "";
    json_t *wsdl = wsdl_read(text, strlen(text), why);

    ck_assert_msg(wsdl != NULL, "%s", why);
    return wsdl;
}

START_TEST(the_vendors_description_agrees)
{
    char *text = vendor_text();
    const struct used_operation *use;
    json_t *wsdl;

    if (text == NULL)
        return;
    wsdl = read_ok(text);
    for (use = used_operations; use->op != NULL; use++) {
        char rows[ROWS_MAX] = "";

        wsdl_compare(wsdl, use->entity != NULL ? use->entity : "", keep, rows);
        ck_assert_msg(rows[0] == '\0', "%s: %s", use->entity, rows);
    }
    json_decref(wsdl);
    free(text);
}
END_TEST

/* One change of the vendor's description each, and what is told of it. */
static const struct {
    const char *type, *from, *to, *entity, *want;
} changes[] = {
    {NULL, "<operation name=\"createOrderV3\">", "<operation name=\"createOrderV4\">", "order",
     "createOrderV3 is no operation of this service"},
    {"Order", "name=\"reference\"", "name=\"remark\"", "order",
     "reference is sent, and is not described"},
    {"Receipt", "name=\"orderIds\"", "name=\"salesOrderIds\"", "day-total",
     "Receipt.orderIds is read, and is not described"},
    {"CreateOrderV3Request", "name=\"prepay\" type=\"xsd:boolean\" minOccurs=\"0\"",
     "name=\"cashier\" type=\"xsd:int\" minOccurs=\"1\"", "order",
     "CreateOrderV3Request.cashier is required, and this connector does not send it"},
    {"LineData", "name=\"price\" type=\"xsd:long\"", "name=\"price\" type=\"xsd:decimal\"", "order",
     "lineList[].data.price is described as decimal, and was an integer"},
    {"Relation", "name=\"active\" type=\"xsd:boolean\"", "name=\"active\" type=\"xsd:string\"",
     "relation", "active is described as string, and was a boolean"},
    {"OrderList", "name=\"order\"", "name=\"item\"", "order",
     "GetOrdersResponse.orderList has no items named order"},
    {"GetOrdersRequest", "name=\"branchNumbers\" type=\"xsd:int\" minOccurs=\"0\" "
     "maxOccurs=\"unbounded\"", "name=\"branchNumbers\" type=\"xsd:int\" minOccurs=\"0\"", "order",
     "GetOrdersRequest.branchNumbers is not repeated any more"},
    {"GetProposalResponse", "name=\"proposal\" type=\"tns:Proposal\"",
     "name=\"proposal\" type=\"xsd:string\"", "proposal",
     "GetProposalResponse.proposal is described as string, and was a type of elements"},
};

static char *replaced(const char *text, const char *type, const char *from, const char *to)
{
    const char *at = text;
    char *out;
    size_t room = strlen(text) + strlen(to) + 1;

    if (type != NULL) {
        char start[100];

        snprintf(start, sizeof start, "<complexType name=\"%s\">", type);
        at = strstr(text, start);
        if (at == NULL) { /* the messages are elements */
            snprintf(start, sizeof start, "<element name=\"%s\">", type);
            at = strstr(text, start);
        }
    }
    ck_assert_msg(at != NULL, "no %s", type);
    at = strstr(at, from);
    ck_assert_msg(at != NULL, "no %s", from);
    out = malloc(room);
    ck_assert_ptr_nonnull(out);
    snprintf(out, room, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return out;
}

START_TEST(every_change_is_told)
{
    char *text = vendor_text(), *changed;
    char rows[ROWS_MAX] = "", want[300];
    json_t *wsdl;

    if (text == NULL)
        return;
    changed = replaced(text, changes[_i].type, changes[_i].from, changes[_i].to);
    wsdl = read_ok(changed);
    wsdl_compare(wsdl, changes[_i].entity, keep, rows);
    snprintf(want, sizeof want, "%s\n", changes[_i].want);
    ck_assert_msg(strstr(rows, want) != NULL, "got:\n%snot:\n%s", rows, want);
    json_decref(wsdl);
    free(changed);
    free(text);
}
END_TEST

/* ---- a description of a few lines, so that the comparison is tested without the vendor's ---- */

#define MESSAGE(name) "<message name=\"" name "\"><part element=\"t:" name "\"/></message>"
#define SMALL(fields)                                                                              \
    "<?xml version=\"1.0\"?><definitions xmlns:t=\"u\"><types><s:schema xmlns:s=\"x\">"            \
    "<s:complexType name=\"Base\"><s:sequence><s:element name=\"majorNumber\" type=\"s:int\"/>"    \
    "</s:sequence></s:complexType>"                                                                \
    "<s:element name=\"getApiVersion\"><s:complexType/></s:element>"                               \
    "<s:element name=\"getApiVersionResponse\"><s:complexType><s:complexContent>"                  \
    "<s:extension base=\"t:Base\"><s:sequence>" fields "</s:sequence></s:extension>"               \
    "</s:complexContent></s:complexType></s:element></s:schema></types>"                           \
    MESSAGE("getApiVersion") MESSAGE("getApiVersionResponse")                                      \
    "<portType><operation name=\"getApiVersion\"><input message=\"t:getApiVersion\"/>"             \
    "<output message=\"t:getApiVersionResponse\"/></operation></portType></definitions>"
#define FIELD(name, type) "<s:element name=\"" name "\" type=\"s:" type "\"/>"

START_TEST(a_small_description)
{
    json_t *wsdl = read_ok(SMALL(FIELD("minorNumber", "int") FIELD("revisionNumber", "string")));
    char rows[ROWS_MAX] = "";

    wsdl_compare(wsdl, "nothing", keep, rows);
    ck_assert_ptr_null(strstr(rows, "majorNumber")); /* what the base holds counts */
    ck_assert_ptr_null(strstr(rows, "minorNumber"));
    ck_assert_ptr_nonnull(
        strstr(rows, "getApiVersionResponse.revisionNumber is described as string"));
    ck_assert_ptr_nonnull(strstr(rows, "getApiVersionResponse.inDebugMode is read, and is not"));
    json_decref(wsdl);
}
END_TEST

static int refuse(void *context, const char *where, const char *what)
{
    (void)where;
    (void)what;
    return ++*(int *)context > 1 ? -1 : 0;
}

START_TEST(the_reader_may_stop)
{
    json_t *wsdl = read_ok(SMALL(""));
    int told = 0;

    ck_assert_int_eq(wsdl_compare(wsdl, "order", refuse, &told), -1);
    ck_assert_int_eq(told, 2);
    json_decref(wsdl);
}
END_TEST

static const struct {
    const char *text, *why;
} broken[] = {
    {"", "no element"},
    {"<html/>", "no WSDL"},
    {"<definitions/>", "names no operations"},
    {"<definitions><types></definitions>", "mismatched"},
    {"<!DOCTYPE d [<!ENTITY a \"b\">]><definitions/>", "document type"},
    {"<definitions><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
     "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
     "<a><a><a><a><a><a><a><a>", "too deep"},
};

START_TEST(refuses)
{
    char why[SOAP_WHY_BYTES] = "";

    ck_assert_ptr_null(wsdl_read(broken[_i].text, strlen(broken[_i].text), why));
    ck_assert_msg(strstr(why, broken[_i].why) != NULL, "%s", why);
}
END_TEST

UNIT_MAIN("wsdl")
{
    char *text = vendor_text();
    if (text == NULL)
        puts("the vendor's description is not at hand; its tests look at nothing");
    free(text);
    tcase_add_test(t, the_vendors_description_agrees);
    LOOP(every_change_is_told, changes);
    tcase_add_test(t, a_small_description);
    tcase_add_test(t, the_reader_may_stop);
    LOOP(refuses, broken);
}
