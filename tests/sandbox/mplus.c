// SPDX-License-Identifier: MIT
// The till's SOAP operations and the /_sandbox endpoints of its port.
#include "shop.h"
#include "soap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define IDENT "demo"
#define SECRET "demo-secret-m"
#define DEFAULT_LIMIT 1000

struct call {
    struct shop *shop;
    const struct node *in; // the operation element, already checked against the schema
    struct xml *out;
    const char *fault_code; // set to answer a fault instead
    char why[SOAP_FAULT_BYTES];
};

static void fault(struct call *c, const char *code, const char *why)
{
    c->fault_code = code;
    snprintf(c->why, sizeof c->why, "%s", why);
}

// Whether the repeated plain field `name` is absent or holds this value.
static bool wanted(const struct node *request, const char *name, int64_t value)
{
    bool any = false;
    for (const struct node *n = request ? request->first : NULL; n; n = n->next) {
        if (strcmp(n->name, name) != 0)
            continue;
        if (strtoll(n->text, NULL, 10) == value)
            return true;
        any = true;
    }
    return !any;
}

static int64_t limit_of(const struct node *request)
{
    int64_t limit = soap_long(request, "syncMarkerLimit", DEFAULT_LIMIT);
    return limit > 0 ? limit : DEFAULT_LIMIT;
}

// ---- System -----------------------------------------------------------------------------

static void get_api_version(struct call *c)
{
    struct xml *x = c->out;
    xml_envelope(x, "getApiVersionResponse");
    xml_long(x, "majorNumber", 1);
    xml_long(x, "minorNumber", 0);
    xml_long(x, "revisionNumber", 0);
    xml_long(x, "serviceMajorNumber", 67);
    xml_long(x, "serviceMinorNumber", 1);
    xml_long(x, "serviceRevisionNumber", 3);
    xml_long(x, "serviceMinWorkerThreads", 2);
    xml_long(x, "serviceMaxWorkerThreads", 8);
    xml_bool(x, "inDebugMode", true);
    xml_finish(x, "getApiVersionResponse");
}

static void get_current_sync_markers(struct call *c)
{
    struct xml *x = c->out;
    const struct shop *s = c->shop;
    xml_envelope(x, "getCurrentSyncMarkersResponse");
    xml_long(x, "articleSyncMarker", FIRST_MARKER - 1 + (int64_t)s->article_count);
    xml_long(x, "relationSyncMarker", s->relation_marker);
    xml_long(x, "employeeSyncMarker", FIRST_MARKER + 1);
    xml_long(x, "invoiceSyncMarker", 0);
    xml_long(x, "receiptSyncMarker", 0);
    xml_long(x, "orderSyncMarker", FIRST_MARKER - 1 + (int64_t)s->log_count);
    xml_finish(x, "getCurrentSyncMarkersResponse");
}

// ---- Orders -----------------------------------------------------------------------------

static void write_date(struct xml *x, const char *name, const struct order *o)
{
    xml_open(x, name);
    xml_long(x, "day", o->day);
    xml_long(x, "mon", o->month);
    xml_long(x, "year", ORDER_YEAR);
    xml_close(x, name);
}

static void write_time(struct xml *x, const char *name, const struct order *o)
{
    bool summer = o->month > 3 && o->month < 11;
    xml_open(x, name);
    xml_long(x, "sec", o->marker % 60);
    xml_long(x, "min", o->marker / 60 % 60);
    xml_long(x, "hour", 9 + o->marker / 3600 % 9);
    xml_long(x, "day", o->day);
    xml_long(x, "mon", o->month);
    xml_long(x, "year", ORDER_YEAR);
    xml_bool(x, "isdst", summer);
    xml_long(x, "timezone", summer ? 120 : 60);
    xml_close(x, name);
}

static void write_address(struct xml *x, const char *name, const struct relation *r)
{
    static const char *const names[] = {"name", "contact", "address", "zipcode",
                                        "city", "country", "companyName"};
    xml_open(x, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = relation_get(r, names[i]);
        xml_string(x, names[i], *value ? value : NULL);
    }
    xml_close(x, name);
}

static void write_groups(struct xml *x, const struct order *o)
{
    bool oss = o->belgian && o->method != METHOD_SHIFTED;
    xml_open(x, "vatGroupList");
    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &o->groups[i];
        if (!g->code)
            continue;
        xml_open(x, "vatGroup");
        xml_long(x, "countryCode", oss ? 56 : 528);
        xml_string(x, "countryIso3", oss ? "BEL" : "NLD");
        xml_long(x, "vatCode", g->code);
        xml_long(x, "vatPercentage", g->rate);
        xml_long(x, "exclAmount", g->excl);
        xml_long(x, "vatAmount", g->vat);
        xml_close(x, "vatGroup");
    }
    xml_close(x, "vatGroupList");
}

static void write_line(struct call *c, const struct line *l, int n)
{
    struct xml *x = c->out;
    char id[24];

    snprintf(id, sizeof id, "line-%d", n + 1);
    xml_open(x, "line");
    xml_string(x, "lineId", id);
    xml_long(x, "articleNumber", l->article);
    xml_string(x, "text", l->text ? l->text : c->shop->articles[l->article - 1].name);
    xml_open(x, "data");
    xml_long(x, "quantity", l->quantity);
    xml_long(x, "decimalPlaces", l->places);
    xml_long(x, "price", l->price);
    xml_long(x, "priceExcl", l->price_excl);
    xml_long(x, "originalPrice", l->original);
    xml_long(x, "turnoverGroup", l->vat_code);
    if (l->text)
        xml_string(x, "turnoverGroupType", "TURNOVER-GROUP-TYPE-REFUNDABLE-DEPOSIT");
    xml_long(x, "vatCode", l->vat_code);
    xml_long(x, "vatPercentage", l->rate);
    if (l->original != l->price) {
        xml_string(x, "discountType", "DISCOUNT-TYPE-CUSTOMER-DISCOUNT");
        xml_long(x, "discountPercentage", 1000);
        xml_long(x, "discountAmount", l->original - l->price);
    }
    xml_long(x, "totalInclAmount", l->incl);
    xml_long(x, "totalExclAmount", l->excl);
    xml_close(x, "data");
    xml_close(x, "line");
}

static void write_payment(struct xml *x, const struct order *o)
{
    xml_open(x, "paymentList");
    xml_open(x, "payment");
    write_date(x, "financialDate", o);
    xml_string(x, "method", payment_codes[o->payment]);
    xml_long(x, "amount", o->incl);
    xml_close(x, "payment");
    xml_close(x, "paymentList");
}

static void write_details(struct call *c, const struct order *o)
{
    xml_open(c->out, "lineList");
    for (int i = 0; i < o->line_count; i++)
        write_line(c, &o->lines[i], i);
    xml_close(c->out, "lineList");
    if (o->paid)
        write_payment(c->out, o);
}

static void write_states(struct xml *x, const struct order *o)
{
    xml_bool(x, "fullyPaid", o->paid);
    xml_string(x, "deliveryState", o->delivered ? "ORDER-DELIVERY-STATE-COMPLETE"
                                                : "ORDER-DELIVERY-STATE-NOTHING");
    xml_string(x, "cancelState",
               o->cancelled ? "ORDER-CANCEL-STATE-COMPLETE" : "ORDER-CANCEL-STATE-NOTHING");
    xml_string(x, "completeState", o->paid && o->delivered ? "ORDER-COMPLETE-STATE-COMPLETE"
                                                           : "ORDER-COMPLETE-STATE-NOTHING");
}

static void write_order(struct call *c, size_t index, bool details)
{
    static const char *const methods[] = {"VAT-METHOD-INCLUSIVE", "VAT-METHOD-EXCLUSIVE",
                                          "VAT-METHOD-SHIFTED"};
    struct xml *x = c->out;
    const struct order *o = &c->shop->orders[index];
    const struct relation *r = shop_relation(c->shop, o->relation);
    char id[ORDER_ID_BYTES], text[40];

    shop_order_id(c->shop, index, id);
    xml_open(x, "order");
    xml_string(x, "orderId", id);
    snprintf(text, sizeof text, "WEB-%zu", index + 100001);
    xml_string(x, "extOrderId", text);
    snprintf(text, sizeof text, "%d-%zu", ORDER_YEAR, index + 1);
    xml_string(x, "transactionString", text);
    xml_long(x, "syncMarker", o->marker);
    xml_string(x, "orderType", "ORDER-TYPE-SALES-ORDER");
    xml_long(x, "entryBranchNumber", 1);
    xml_long(x, "employeeNumber", 999999);
    write_time(x, "entryTimestamp", o);
    xml_long(x, "relationNumber", o->relation);
    xml_string(x, "relationName", r ? relation_get(r, "name") : "");
    if (r && *relation_get(r, "vatNumber"))
        xml_string(x, "relationVatNumber", relation_get(r, "vatNumber"));
    if (r) {
        write_address(x, "deliveryAddress", r);
        write_address(x, "invoiceAddress", r);
    }
    write_date(x, "financialDate", o);
    xml_long(x, "financialBranchNumber", 1);
    xml_long(x, "workplaceNumber", 1);
    xml_string(x, "reference", "");
    xml_long(x, "totalInclAmount", o->incl);
    xml_long(x, "totalExclAmount", o->excl);
    xml_string(x, "vatMethod", methods[o->method]);
    write_groups(x, o);
    xml_string(x, "deliveryMethod", "BEZORGEN");
    xml_string(x, "paymentMethod", payment_codes[o->payment]);
    xml_long(x, "changeCounter", o->changes);
    xml_long(x, "versionNumber", 1);
    xml_long(x, "prepaidAmount", 0);
    write_states(x, o);
    xml_open(x, "orderNumber");
    xml_long(x, "year", ORDER_YEAR);
    xml_long(x, "number", (int64_t)index + 1);
    xml_close(x, "orderNumber");
    xml_long(x, "orderCategoryNumber", 1);
    if (details)
        write_details(c, o);
    xml_long(x, "vatCountryCode", o->belgian ? 56 : 528);
    xml_string(x, "vatCountryIso3", o->belgian ? "BEL" : "NLD");
    xml_close(x, "order");
}

static int64_t day_number(const struct node *date)
{
    return soap_long(date, "year", 0) * 10000 + soap_long(date, "mon", 0) * 100 +
           soap_long(date, "day", 0);
}

static bool id_wanted(const struct shop *s, const struct node *request, size_t index)
{
    bool any = false;
    char id[ORDER_ID_BYTES];

    for (const struct node *n = request->first; n; n = n->next) {
        if (strcmp(n->name, "orderIds") == 0) {
            shop_order_id(s, index, id);
            if (strcmp(n->text, id) == 0)
                return true;
            any = true;
        } else if (strcmp(n->name, "orderNumbers") == 0) {
            if (soap_long(n, "year", 0) == ORDER_YEAR &&
                soap_long(n, "number", 0) == (int64_t)index + 1)
                return true;
            any = true;
        }
    }
    return !any;
}

static bool type_wanted(const struct node *request)
{
    const struct node *list = soap_child(request, "orderTypeList");
    if (!list || !list->first)
        return true;
    for (const struct node *n = list->first; n; n = n->next) {
        if (strcmp(n->text, "ORDER-TYPE-SALES-ORDER") == 0)
            return true;
    }
    return false;
}

static bool order_wanted(const struct shop *s, const struct node *request, size_t index)
{
    const struct order *o = &s->orders[index];
    const struct node *from = soap_child(request, "fromFinancialDate");
    const struct node *through = soap_child(request, "throughFinancialDate");
    int64_t day = ORDER_YEAR * 10000 + o->month * 100 + o->day;

    return (!from || !day_number(from) || day >= day_number(from)) &&
           (!through || !day_number(through) || day <= day_number(through)) &&
           wanted(request, "relationNumbers", o->relation) &&
           wanted(request, "branchNumbers", 1) &&
           wanted(request, "employeeNumbers", 999999) && id_wanted(s, request, index);
}

// Filters the shop does not know must not be ignored: the answer would look complete.
static bool filters_known(struct call *c, const struct node *request)
{
    static const char *const unknown[] = {
        "supplierRelationNumbers", "articleNumbers", "articleTurnoverGroups", "activityId",
        "ownerFilter", "branchGroupFilter", "contractFrequencyFilter", NULL};
    for (int i = 0; unknown[i]; i++) {
        if (soap_child(request, unknown[i])) {
            fault(c, "Server", "this filter is not available in the sandbox");
            return false;
        }
    }
    return true;
}

// Fills `found` with the indexes of at most `limit` orders, lowest markers first.
static size_t select_orders(const struct shop *s, const struct node *request, uint32_t *found,
                            size_t limit)
{
    int64_t marker = soap_long(request, "syncMarker", 0);
    size_t n = 0;
    size_t at = marker > FIRST_MARKER ? (size_t)(marker - FIRST_MARKER) : 0;

    for (; at < s->log_count && n < limit; at++) {
        uint32_t index = s->log[at];
        // An order changed since then stands further on, at its newer marker.
        if (s->orders[index].marker == FIRST_MARKER + (int64_t)at &&
            order_wanted(s, request, index))
            found[n++] = index;
    }
    return n;
}

// A single asked order is found without walking through all of them.
static size_t select_by_id(const struct shop *s, const struct node *request, uint32_t *found,
                           size_t limit)
{
    size_t n = 0;
    for (const struct node *c = request->first; c; c = c->next) {
        int64_t index = strcmp(c->name, "orderIds") == 0 ? shop_order_by_id(s, c->text) : -1;
        if (index < 0 || n == limit || !order_wanted(s, request, (size_t)index) ||
            s->orders[index].marker < soap_long(request, "syncMarker", 0))
            continue;
        bool again = false;
        for (size_t i = 0; i < n; i++)
            again |= found[i] == (uint32_t)index;
        if (!again)
            found[n++] = (uint32_t)index;
    }
    return n;
}

static void get_orders(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    size_t limit = (size_t)limit_of(request);
    size_t n = 0;

    if (!filters_known(c, request))
        return;
    if (limit > c->shop->order_count)
        limit = c->shop->order_count;
    uint32_t *found = malloc((limit + 1) * sizeof *found);
    if (!found) {
        c->out->failed = true;
        return;
    }
    if (type_wanted(request))
        n = soap_child(request, "orderIds") ? select_by_id(c->shop, request, found, limit)
                                            : select_orders(c->shop, request, found, limit);
    xml_envelope(c->out, "GetOrdersResponse");
    xml_open(c->out, "orderList");
    // A page holds the lowest markers but its order promises nothing: highest first.
    while (n-- > 0)
        write_order(c, found[n], soap_bool(request, "includeLineList", true));
    xml_close(c->out, "orderList");
    xml_finish(c->out, "GetOrdersResponse");
    free(found);
}

static void answer_order(struct call *c, int64_t index)
{
    xml_envelope(c->out, "GetOrderResponse");
    xml_string(c->out, "result",
               index >= 0 ? "GET-ORDER-RESULT-OK" : "GET-ORDER-RESULT-NOT-FOUND");
    if (index >= 0)
        write_order(c, (size_t)index, true);
    xml_finish(c->out, "GetOrderResponse");
}

static void get_order(struct call *c)
{
    answer_order(c, shop_order_by_id(c->shop, soap_text(c->in, "orderId")));
}

static void find_order(struct call *c)
{
    answer_order(c, shop_order_by_ext_id(c->shop, soap_text(c->in, "extOrderId")));
}

static void get_order_categories(struct call *c)
{
    static const char *const names[] = {"Webshop", "Balie"};
    xml_envelope(c->out, "GetOrderCategoriesResponse");
    for (int i = 0; i < 2; i++) {
        xml_open(c->out, "orderCategory");
        xml_long(c->out, "orderCategoryNumber", i + 1);
        xml_string(c->out, "orderCategoryDescription", names[i]);
        xml_bool(c->out, "allowCancel", true);
        xml_bool(c->out, "allowProcess", true);
        xml_close(c->out, "orderCategory");
    }
    xml_finish(c->out, "GetOrderCategoriesResponse");
}

// ---- Relations --------------------------------------------------------------------------

static bool composed(const struct field *f)
{
    return f->repeated || f->kind == KIND_TYPE;
}

static void write_relation(struct xml *x, const struct relation *r)
{
    xml_open(x, "relation");
    xml_long(x, "relationNumber", r->number);
    for (int i = 1; schema_relation[i].name; i++) {
        const struct field *f = &schema_relation[i];
        if (strcmp(f->name, "syncMarker") == 0)
            xml_long(x, "syncMarker", r->marker);
        else if (!r->value[i])
            continue;
        else if (composed(f))
            xml_raw(x, r->value[i], strlen(r->value[i]));
        else
            xml_string(x, f->name, r->value[i]);
    }
    xml_close(x, "relation");
}

static int by_marker(const void *a, const void *b)
{
    const struct relation *x = *(const struct relation *const *)a;
    const struct relation *y = *(const struct relation *const *)b;
    return (x->marker > y->marker) - (x->marker < y->marker);
}

static void get_relations(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct shop *s = c->shop;
    int64_t marker = soap_long(request, "syncMarker", 0), limit = limit_of(request);
    const struct relation **found = malloc((s->relation_count + 1) * sizeof *found);
    size_t n = 0;

    if (!found) {
        c->out->failed = true;
        return;
    }
    if (soap_child(request, "relationNumbers")) {
        for (const struct node *r = request->first; r; r = r->next) {
            const struct relation *hit = NULL;
            if (strcmp(r->name, "relationNumbers") == 0)
                hit = shop_relation(s, strtoll(r->text, NULL, 10));
            bool again = !hit || hit->marker < marker;
            for (size_t i = 0; i < n && !again; i++)
                again = found[i] == hit;
            if (!again)
                found[n++] = hit;
        }
    } else {
        for (size_t i = 0; i < s->relation_count; i++) {
            if (s->relations[i].marker >= marker)
                found[n++] = &s->relations[i];
        }
    }
    qsort(found, n, sizeof *found, by_marker);
    if (n > (size_t)limit)
        n = (size_t)limit;
    xml_envelope(c->out, "GetRelationsResponse");
    xml_open(c->out, "relationList");
    while (n-- > 0)
        write_relation(c->out, found[n]);
    xml_close(c->out, "relationList");
    xml_finish(c->out, "GetRelationsResponse");
    free(found);
}

static void get_relation(struct call *c)
{
    const struct relation *r = shop_relation(c->shop, soap_long(c->in, "relationNumber", 0));
    xml_envelope(c->out, "GetRelationResponse");
    xml_string(c->out, "result",
               r ? "GET-RELATION-RESULT-OK" : "GET-RELATION-RESULT-NOT-FOUND");
    // The schema wants the element also when there is nothing to say in it.
    if (r) {
        write_relation(c->out, r);
    } else {
        xml_open(c->out, "relation");
        xml_close(c->out, "relation");
    }
    xml_finish(c->out, "GetRelationResponse");
}

static bool criterion_met(const struct relation *r, const struct node *n, bool exact)
{
    const char *have = relation_get(r, n->name);
    return exact ? strcasecmp(have, n->text) == 0 : strcasestr(have, n->text) != NULL;
}

// Every criterion has to match; empty ones say nothing.
static const struct relation *search(const struct shop *s, const struct node *criteria,
                                     bool exact)
{
    for (size_t i = 0; i < s->relation_count; i++) {
        bool good = true, any = false;
        for (const struct node *n = criteria ? criteria->first : NULL; n && good; n = n->next) {
            if (!*n->text)
                continue;
            any = true;
            good = criterion_met(&s->relations[i], n, exact);
        }
        if (good && any)
            return &s->relations[i];
    }
    return NULL;
}

static bool criteria_allowed(struct call *c, const struct node *criteria)
{
    static const char *const allowed[] = {
        "extRelationId", "name", "address", "zipcode", "city", "country", "deliveryAddress",
        "deliveryZipcode", "deliveryCity", "deliveryCountry", "contact", "telephone", "mobile",
        "email", "website", "relationCode", "cardNumber", "bankAccountNumber", NULL};

    for (const struct node *n = criteria ? criteria->first : NULL; n; n = n->next) {
        int i = 0;
        if (strcmp(n->name, "relationNumber") == 0) {
            fault(c, "Client", "relationNumber is no search field, use getRelation");
            return false;
        }
        while (allowed[i] && strcmp(allowed[i], n->name) != 0)
            i++;
        if (!allowed[i]) {
            snprintf(c->why, sizeof c->why, "cannot search a relation by '%.100s'", n->name);
            c->fault_code = "Client";
            return false;
        }
    }
    return true;
}

static void answer_search(struct call *c, const char *response, const struct node *criteria,
                          bool exact)
{
    if (!criteria_allowed(c, criteria))
        return;
    const struct relation *r = search(c->shop, criteria, exact);
    xml_envelope(c->out, response);
    xml_string(c->out, "result",
               r ? "FIND-RELATION-RESULT-OK" : "FIND-RELATION-RESULT-NOT-FOUND");
    if (r)
        write_relation(c->out, r);
    xml_finish(c->out, response);
}

static void find_relation(struct call *c)
{
    answer_search(c, "FindRelationResponse", soap_child(c->in, "relation"), false);
}

static void find_relation_v2(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    answer_search(c, "FindRelationV2Response", soap_child(request, "relation"),
                  soap_bool(request, "exactMatch", false));
}

// Takes over the fields given, leaves the others as they were. -1 when out of memory.
static int store_relation(struct relation *r, const struct node *in)
{
    for (int i = 1; schema_relation[i].name; i++) {
        const struct field *f = &schema_relation[i];
        struct xml x = {0};
        char *value = NULL;

        if (!soap_child(in, f->name) || strcmp(f->name, "syncMarker") == 0)
            continue;
        if (composed(f)) {
            for (const struct node *n = in->first; n; n = n->next) {
                if (strcmp(n->name, f->name) == 0)
                    xml_node(&x, n);
            }
            value = x.failed ? NULL : x.text;
            if (x.failed)
                free(x.text);
        } else {
            value = strdup(soap_text(in, f->name));
        }
        if (!value)
            return -1;
        free(r->value[i]);
        r->value[i] = value;
    }
    return 0;
}

static void create_relation(struct call *c)
{
    const struct node *in = soap_child(c->in, "relation");
    int64_t number = soap_long(in, "relationNumber", 0);
    const char *result = "CREATE-RELATION-RESULT-OK", *message = "";
    struct relation *r = NULL;

    if (!*soap_text(in, "name")) {
        result = "CREATE-RELATION-RESULT-FAILED";
        message = "A relation needs a name.";
    } else if (number > 0 && shop_relation(c->shop, number)) {
        result = "CREATE-RELATION-RESULT-FAILED-RELATION-NUMBER-ALREADY-TAKEN";
        message = "The relation number is already taken.";
    } else {
        r = shop_add_relation(c->shop, number);
        if (!r || store_relation(r, in) != 0) {
            c->out->failed = true;
            return;
        }
    }
    xml_envelope(c->out, "CreateRelationResponse");
    xml_string(c->out, "result", result);
    xml_long(c->out, "relationNumber", r ? r->number : 0);
    if (r)
        xml_long(c->out, "syncMarker", r->marker);
    xml_string(c->out, "errorMessage", message);
    xml_finish(c->out, "CreateRelationResponse");
}

static void update_relation(struct call *c)
{
    const struct node *in = soap_child(c->in, "relation");
    struct relation *r = shop_relation(c->shop, soap_long(in, "relationNumber", 0));

    if (r) {
        if (store_relation(r, in) != 0) {
            c->out->failed = true;
            return;
        }
        r->marker = ++c->shop->relation_marker;
    }
    xml_envelope(c->out, "UpdateRelationResponse");
    xml_string(c->out, "result",
               r ? "UPDATE-RELATION-RESULT-OK" : "UPDATE-RELATION-RESULT-NOT-FOUND");
    xml_string(c->out, "errorMessage", r ? "" : "There is no relation with this number.");
    if (r)
        xml_long(c->out, "syncMarker", r->marker);
    xml_finish(c->out, "UpdateRelationResponse");
}

// ---- Articles and choices ---------------------------------------------------------------

static void write_product(struct xml *x, const struct article *a, int64_t number)
{
    char plu[24];
    snprintf(plu, sizeof plu, "%lld", (long long)number);
    xml_open(x, "product");
    xml_long(x, "productNumber", number);
    xml_long(x, "syncMarker", a->marker);
    xml_string(x, "description", a->name);
    xml_open(x, "articleList");
    xml_open(x, "article");
    xml_long(x, "articleNumber", number);
    xml_string(x, "pluNumber", plu);
    xml_long(x, "syncMarker", a->marker);
    xml_bool(x, "active", true);
    xml_string(x, "description", a->name);
    xml_long(x, "turnoverGroup", a->vat_code);
    xml_long(x, "vatCode", a->vat_code);
    xml_long(x, "vatPercentage", a->vat_code == 1 ? 2100 : a->vat_code == 2 ? 900 : 0);
    xml_long(x, "priceIncl", a->price_incl);
    xml_long(x, "priceExcl", a->price_excl);
    xml_bool(x, "webshop", true);
    xml_close(x, "article");
    xml_close(x, "articleList");
    xml_close(x, "product");
}

static void get_products(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t marker = soap_long(request, "syncMarker", 0), left = limit_of(request);

    xml_envelope(c->out, "GetProductsResponse");
    xml_open(c->out, "productList");
    for (size_t i = 0; i < c->shop->article_count && left > 0; i++) {
        const struct article *a = &c->shop->articles[i];
        int64_t number = (int64_t)i + 1;
        if (a->marker < marker || !wanted(request, "articleNumbers", number) ||
            !wanted(request, "productNumbers", number))
            continue;
        write_product(c->out, a, number);
        left--;
    }
    xml_close(c->out, "productList");
    xml_finish(c->out, "GetProductsResponse");
}

static void get_vat_group_list(struct call *c)
{
    static const int rates[VAT_CODES] = {2100, 900, 0};
    xml_envelope(c->out, "getVatGroupListResponse");
    for (int i = 0; i < VAT_CODES; i++) {
        xml_open(c->out, "vatGroup");
        xml_long(c->out, "countryCode", 528);
        xml_string(c->out, "countryIso3", "NLD");
        xml_long(c->out, "vatCode", i + 1);
        xml_long(c->out, "vatPercentage", rates[i]);
        xml_close(c->out, "vatGroup");
    }
    xml_finish(c->out, "getVatGroupListResponse");
}

static void get_payment_methods(struct call *c)
{
    static const char *const names[PAYMENTS] = {"Contant", "PIN", "iDEAL", "Op rekening",
                                                "Crypto"};
    const struct node *request = soap_child(c->in, "request");
    int64_t account = soap_long(request, "accountNumber", 0);

    xml_envelope(c->out, "GetPaymentMethodsResponse");
    xml_open(c->out, "paymentMethodList");
    for (int i = 0; i < PAY_CRYPTO && !account; i++) {
        xml_open(c->out, "paymentMethod");
        xml_string(c->out, "method", payment_codes[i]);
        xml_string(c->out, "description", names[i]);
        xml_string(c->out, "buttonText", names[i]);
        xml_bool(c->out, "allowNegativeAmount", true);
        xml_bool(c->out, "active", true);
        xml_string(c->out, "type", "PAYMENT-METHOD-TYPE-PAYMENT");
        xml_close(c->out, "paymentMethod");
    }
    xml_close(c->out, "paymentMethodList");
    xml_finish(c->out, "GetPaymentMethodsResponse");
}

static void delivery_methods(struct call *c, const char *response, bool only_enabled)
{
    static const char *const codes[] = {"BEZORGEN", "AFHALEN", "KOERIER"};
    static const char *const names[] = {"Bezorgen", "Afhalen", "Koerier"};
    xml_envelope(c->out, response);
    xml_open(c->out, "deliveryMethodList");
    for (int i = 0; i < (only_enabled ? 2 : 3); i++) {
        xml_open(c->out, "deliveryMethod");
        xml_string(c->out, "deliveryMethod", codes[i]);
        xml_string(c->out, "description", names[i]);
        xml_string(c->out, "buttonText", names[i]);
        xml_bool(c->out, "enabled", i < 2);
        xml_close(c->out, "deliveryMethod");
    }
    xml_close(c->out, "deliveryMethodList");
    xml_finish(c->out, response);
}

static void get_delivery_methods(struct call *c)
{
    delivery_methods(c, "GetDeliveryMethodsResponse", false);
}

static void get_delivery_methods_v2(struct call *c)
{
    delivery_methods(c, "GetDeliveryMethodsV2Response",
                     soap_bool(soap_child(c->in, "request"), "onlyEnabled", false));
}

static void get_branches(struct call *c)
{
    static const char *const names[] = {"Hoofdvestiging", "Filiaal Noord"};
    xml_envelope(c->out, "getBranchesResponse");
    xml_open(c->out, "branches");
    for (int i = 0; i < 2; i++) {
        xml_open(c->out, "branch");
        xml_long(c->out, "branchNumber", i + 1);
        xml_string(c->out, "branchName", names[i]);
        xml_string(c->out, "abbreviation", i ? "FN" : "HV");
        xml_long(c->out, "countryCode", 528);
        xml_string(c->out, "countryIso3", "NLD");
        xml_string(c->out, "countryName", "Nederland");
        xml_close(c->out, "branch");
    }
    xml_close(c->out, "branches");
    xml_finish(c->out, "getBranchesResponse");
}

static void get_employees(struct call *c)
{
    static const struct {
        int64_t number;
        const char *name;
    } people[] = {{1, "Kassa Eén"}, {999999, "Supervisor"}};
    const struct node *request = soap_child(c->in, "request");
    int64_t marker = soap_long(request, "syncMarker", 0), left = limit_of(request);

    xml_envelope(c->out, "GetEmployeesResponse");
    xml_open(c->out, "employeeList");
    for (int i = 0; i < 2; i++) {
        if (FIRST_MARKER + i < marker || !wanted(request, "employeeNumbers", people[i].number) ||
            left-- <= 0)
            continue;
        xml_open(c->out, "employee");
        xml_long(c->out, "employeeNumber", people[i].number);
        xml_long(c->out, "syncMarker", FIRST_MARKER + i);
        xml_string(c->out, "name", people[i].name);
        xml_bool(c->out, "active", true);
        xml_close(c->out, "employee");
    }
    xml_close(c->out, "employeeList");
    xml_finish(c->out, "GetEmployeesResponse");
}

// ---- Dispatch ---------------------------------------------------------------------------

static const struct {
    const char *name;
    void (*run)(struct call *);
} table[] = {
    {"getOrders", get_orders},
    {"getRelations", get_relations},
    {"getOrder", get_order},
    {"findOrder", find_order},
    {"getRelation", get_relation},
    {"findRelation", find_relation},
    {"findRelationV2", find_relation_v2},
    {"createRelation", create_relation},
    {"updateRelation", update_relation},
    {"getProducts", get_products},
    {"getApiVersion", get_api_version},
    {"getCurrentSyncMarkers", get_current_sync_markers},
    {"getVatGroupList", get_vat_group_list},
    {"getPaymentMethods", get_payment_methods},
    {"getPaymentMethodsV2", get_payment_methods},
    {"getDeliveryMethods", get_delivery_methods},
    {"getDeliveryMethodsV2", get_delivery_methods_v2},
    {"getBranches", get_branches},
    {"getEmployees", get_employees},
    {"getOrderCategories", get_order_categories},
};

static bool authentic(const struct request *req)
{
    const char *ident = request_query(req, "ident"), *secret = request_query(req, "secret");
    return ident && secret && strcmp(ident, IDENT) == 0 && strcmp(secret, SECRET) == 0;
}

static void run(struct call *c, struct reply *reply)
{
    const struct field *fields = schema_request(c->in->name, &reply->operation);
    if (!fields) {
        snprintf(c->why, sizeof c->why, "Method '%.100s' not implemented", c->in->name);
        c->fault_code = "Client";
        return;
    }
    if (!schema_check(c->in, fields, c->why)) {
        c->fault_code = "Client";
        return;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, c->in->name) == 0)
            table[i].run(c);
    }
}

static int soap_post(struct shop *shop, const struct request *req, struct reply *reply)
{
    struct xml out = {0};
    struct node *tree = NULL;
    struct call c = {.shop = shop, .out = &out};
    const char *type = request_header(req, "Content-Type");

    if (!authentic(req))
        fault(&c, "Client.Authentication", "Invalid ident or secret");
    else if (!type || strncasecmp(type, "text/xml", 8) != 0)
        fault(&c, "Client", "Content-Type is not text/xml");
    else if (!(c.in = soap_parse(req->body, req->body_bytes, &tree, c.why)))
        c.fault_code = "Client";
    else
        run(&c, reply);
    if (c.fault_code)
        xml_fault(&out, c.fault_code, c.why);
    soap_free(tree);
    if (out.failed) {
        free(out.text);
        return -1;
    }
    reply_take(reply, c.fault_code ? 500 : 200, "text/xml; charset=utf-8", out.text, out.bytes);
    reply_header(reply, "mplus-service-version", "67.1.3");
    return 0;
}

// ---- /_sandbox --------------------------------------------------------------------------

static json_t *cents(int64_t amount)
{
    return json_sprintf("%s%lld.%02lld", amount < 0 ? "-" : "", llabs(amount) / 100,
                        llabs(amount) % 100);
}

static json_t *show_order(const struct shop *s, size_t index)
{
    const struct order *o = &s->orders[index];
    const struct relation *r = shop_relation(s, o->relation);
    const char *state = o->cancelled ? "cancelled" : o->paid ? "paid"
                                                 : o->delivered ? "delivered" : "open";
    char id[ORDER_ID_BYTES];
    json_t *vat = json_array();

    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &o->groups[i];
        if (g->code)
            json_array_append_new(
                vat, json_pack("{so,so,so}", "rate",
                               json_sprintf("%d.%02d", g->rate / 100, g->rate % 100), "excl",
                               cents(g->excl), "vat", cents(g->vat)));
    }
    shop_order_id(s, index, id);
    return json_pack("{ss,so,ss,so,so,so,ss,ss,sI,sI,sb,sb}", "id", id, "reference",
                     json_sprintf("%d-%zu", ORDER_YEAR, index + 1), "state", state, "excl",
                     cents(o->excl), "incl", cents(o->incl), "vat", vat, "country",
                     order_country(o), "customer", r ? relation_get(r, "email") : "",
                     "relation", (json_int_t)o->relation, "marker", (json_int_t)o->marker,
                     "faulty", o->faulty, "expected", order_expected(o));
}

static void show_orders(const struct shop *s, struct reply *reply)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->order_count; i++)
        json_array_append_new(list, show_order(s, i));
    reply_json(reply, 200, json_pack("{so}", "orders", list));
}

static void show_relations(const struct shop *s, struct reply *reply)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->relation_count; i++) {
        const struct relation *r = &s->relations[i];
        json_t *one = json_pack("{sI,sI}", "relationNumber", (json_int_t)r->number,
                                "syncMarker", (json_int_t)r->marker);
        for (int f = 0; schema_relation[f].name; f++) {
            if (r->value[f])
                json_object_set_new(one, schema_relation[f].name, json_string(r->value[f]));
        }
        json_array_append_new(list, one);
    }
    reply_json(reply, 200, json_pack("{so}", "relations", list));
}

static int change_order(struct shop *s, const char *id, const struct request *req,
                        struct reply *reply)
{
    int64_t index = shop_order_by_id(s, id);
    json_t *change = json_loadb(req->body, req->body_bytes, 0, NULL);
    int rc = 0;

    if (index < 0) {
        reply_text(reply, 404, "text/plain", "no such order\n");
    } else if (!json_is_object(change)) {
        reply_text(reply, 400, "text/plain", "the body is no JSON object\n");
    } else {
        struct order *o = &s->orders[index];
        const json_t *paid = json_object_get(change, "fullyPaid");
        const json_t *cancelled = json_object_get(change, "cancelled");
        if (paid)
            o->paid = json_is_true(paid);
        if (cancelled)
            o->cancelled = json_is_true(cancelled);
        // An empty object only bumps the marker.
        rc = shop_touch(s, (size_t)index);
        reply_json(reply, 200, show_order(s, (size_t)index));
    }
    json_decref(change);
    return rc;
}

static int add_orders(struct shop *s, const struct request *req, struct reply *reply)
{
    const char *n = request_query(req, "n"), *relation = request_query(req, "relation");
    long count = n ? strtol(n, NULL, 10) : 1;
    int64_t number = relation ? strtoll(relation, NULL, 10) : 0;
    json_t *list = json_array();

    if (number && !shop_relation(s, number))
        count = 0;
    for (long i = 0; i < count && i < 1000000; i++) {
        if (shop_add_order(s, number) != 0) {
            json_decref(list);
            return -1;
        }
        json_array_append_new(list, show_order(s, s->order_count - 1));
    }
    reply_json(reply, 200, json_pack("{so}", "orders", list));
    return 0;
}

static int sandbox(struct shop *s, const struct request *req, struct reply *reply)
{
    const char *what = req->path + strlen("/_sandbox/");
    bool post = strcmp(req->method, "POST") == 0;

    if (!post && strcmp(what, "orders") == 0)
        show_orders(s, reply);
    else if (!post && strcmp(what, "relations") == 0)
        show_relations(s, reply);
    else if (post && strncmp(what, "orders/", 7) == 0)
        return change_order(s, what + 7, req, reply);
    else if (post && strcmp(what, "add-orders") == 0)
        return add_orders(s, req, reply);
    else
        reply_text(reply, 404, "text/plain", "not found\n");
    return 0;
}

int mplus_handle(struct shop *shop, const struct request *req, struct reply *reply)
{
    if (strncmp(req->path, "/_sandbox/", 10) == 0)
        return sandbox(shop, req, reply);
    if (strcmp(req->path, "/") != 0) {
        reply_text(reply, 404, "text/plain", "not found\n");
    } else if (strcmp(req->method, "POST") != 0) {
        reply_text(reply, 405, "text/plain", "POST only\n");
        reply_header(reply, "Allow", "POST");
    } else {
        return soap_post(shop, req, reply);
    }
    return 0;
}
