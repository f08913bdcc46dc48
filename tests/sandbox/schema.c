// SPDX-License-Identifier: MIT
// What the till accepts: the parameters of every operation served by the sandbox, child by
// child in the order the interface's schema prescribes, and the check against it.
#include "soap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const values_order_type[] = {
    "ORDER-TYPE-SALES-ORDER", "ORDER-TYPE-REPEAT-SALES-ORDER",
    "ORDER-TYPE-EXTERNAL-SALES-ORDER", "ORDER-TYPE-TABLE-ORDER", "ORDER-TYPE-CAFETERIA-ORDER",
    NULL,
};

static const char *const values_contract_frequency[] = {
    "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY", "CUSTOMPERIOD", "ONCE", NULL,
};

static const char *const values_timeline_event_type[] = {
    "MAIL-SENT", "MAIL-DELIVERED", "MAIL-OPENED", "MAIL-FAILED", "MAIL-REJECTED",
    "MAIL-COMPLAINED", "MAIL-BOUNCED", "SIGNING-CREATED", "SIGNING-SENT", "SIGNING-OPENED",
    "SIGNING-APPROVED", "SIGNING-REJECTED", "SIGNING-EXPIRED", "DIRECT-DEBIT-SENT",
    "DIRECT-DEBIT-PAID", "DIRECT-DEBIT-REFUNDED", "DIRECT-DEBIT-FAILED", "SALES-CREATED",
    "SALES-UPDATED", "SALES-TRANSFORMED", "SALES-GENERATED", "PURCHASE-CREATED",
    "PURCHASE-UPDATED", "PURCHASE-TRANSFORMED", "INTERBRANCH-CREATED", "INTERBRANCH-UPDATED",
    "INTERBRANCH-TRANSFORMED", "PRINTED", "INVOICE-REMINDER-CREATED", NULL,
};

static const char *const values_vat_method[] = {
    "VAT-METHOD-INCLUSIVE", "VAT-METHOD-EXCLUSIVE", "VAT-METHOD-SHIFTED", "VAT-METHOD-NONE",
    NULL,
};

static const char *const values_load_file_result[] = {
    "LOAD-FILE-OK", "LOAD-FILE-NOT-REQUESTED", "LOAD-FILE-NOT-FOUND", "LOAD-FILE-NOT-PERMITTED",
    "LOAD-FILE-UNKNOWN-ERROR", NULL,
};

static const char *const values_data_type[] = {
    "DATA-TYPE-STRING", "DATA-TYPE-INT", "DATA-TYPE-DECIMAL", "DATA-TYPE-BOOL",
    "DATA-TYPE-DATE", "DATA-TYPE-DATETIME", "DATA-TYPE-ARRAY", "DATA-TYPE-MULTISELECTINT",
    "DATA-TYPE-UNKNOWN", "DATA-TYPE-TEXT-ARRAY", NULL,
};

static const char *const values_payment_method_type[] = {
    "PAYMENT-METHOD-TYPE-PAYMENT", "PAYMENT-METHOD-TYPE-EFT", "PAYMENT-METHOD-TYPE-SUSPENSE",
    "PAYMENT-METHOD-TYPE-DEPOSIT", "PAYMENT-METHOD-TYPE-AUTO-DEPOSIT",
    "PAYMENT-METHOD-TYPE-BPE", "PAYMENT-METHOD-TYPE-BPE-NO-STOCK",
    "PAYMENT-METHOD-TYPE-VOUCHER-BPE", "PAYMENT-METHOD-TYPE-VOUCHER-BOOK-BPE", NULL,
};

static const struct field fields_relation[];

static const struct field fields_soap_mplus_date[] = {
    {"day", KIND_INT, true, false, NULL, NULL},
    {"mon", KIND_INT, true, false, NULL, NULL},
    {"year", KIND_INT, true, false, NULL, NULL},
    {0},
};

static const struct field fields_text[] = {
    {"text", KIND_STRING, true, false, NULL, NULL},
    {0},
};

static const struct field fields_text_list[] = {
    {"text", KIND_TYPE, false, true, fields_text, NULL},
    {0},
};

static const struct field fields_order_type_list[] = {
    {"orderType", KIND_ENUM, false, true, NULL, values_order_type},
    {0},
};

static const struct field fields_year_number[] = {
    {"year", KIND_INT, true, false, NULL, NULL},
    {"number", KIND_LONG, true, false, NULL, NULL},
    {0},
};

static const struct field fields_owner_label_filter[] = {
    {"ownerLabels", KIND_STRING, false, true, NULL, NULL},
    {0},
};

static const struct field fields_branch_group_filter[] = {
    {"branchGroups", KIND_INT, false, true, NULL, NULL},
    {0},
};

static const struct field fields_contract_frequency_list[] = {
    {"contractFrequency", KIND_ENUM, false, true, NULL, values_contract_frequency},
    {0},
};

static const struct field fields_id_list[] = {
    {"id", KIND_STRING, false, true, NULL, NULL},
    {0},
};

static const struct field fields_employee_number_list[] = {
    {"employeeNumber", KIND_LONG, false, true, NULL, NULL},
    {0},
};

static const struct field fields_workplace_identifier[] = {
    {"branchNumber", KIND_INT, true, false, NULL, NULL},
    {"workplaceNumber", KIND_INT, true, false, NULL, NULL},
    {0},
};

static const struct field fields_workplace_identifier_list[] = {
    {"workplaceIdentifier", KIND_TYPE, false, true, fields_workplace_identifier, NULL},
    {0},
};

static const struct field fields_api_ident_list[] = {
    {"apiIdent", KIND_STRING, false, true, NULL, NULL},
    {0},
};

static const struct field fields_timeline_event_type_list[] = {
    {"type", KIND_ENUM, false, true, NULL, values_timeline_event_type},
    {0},
};

static const struct field fields_json_value_list[] = {
    {"data", KIND_STRING, false, true, NULL, NULL},
    {0},
};

static const struct field fields_timeline_event_sub_filter[] = {
    {"ids", KIND_TYPE, false, false, fields_id_list, NULL},
    {"employeeNumbers", KIND_TYPE, false, false, fields_employee_number_list, NULL},
    {"workplaceKeys", KIND_TYPE, false, false, fields_workplace_identifier_list, NULL},
    {"apiIdents", KIND_TYPE, false, false, fields_api_ident_list, NULL},
    {"types", KIND_TYPE, false, false, fields_timeline_event_type_list, NULL},
    {"data", KIND_TYPE, false, false, fields_json_value_list, NULL},
    {"from", KIND_STRING, false, false, NULL, NULL},
    {"through", KIND_STRING, false, false, NULL, NULL},
    {0},
};

static const struct field fields_get_orders_request[] = {
    {"syncMarker", KIND_LONG, false, false, NULL, NULL},
    {"syncMarkerLimit", KIND_INT, false, false, NULL, NULL},
    {"fromFinancialDate", KIND_TYPE, false, false, fields_soap_mplus_date, NULL},
    {"throughFinancialDate", KIND_TYPE, false, false, fields_soap_mplus_date, NULL},
    {"branchNumbers", KIND_INT, false, true, NULL, NULL},
    {"employeeNumbers", KIND_LONG, false, true, NULL, NULL},
    {"relationNumbers", KIND_LONG, false, true, NULL, NULL},
    {"supplierRelationNumbers", KIND_LONG, false, true, NULL, NULL},
    {"articleNumbers", KIND_LONG, false, true, NULL, NULL},
    {"articleTurnoverGroups", KIND_INT, false, true, NULL, NULL},
    {"articlePluNumbers", KIND_TYPE, true, false, fields_text_list, NULL},
    {"articleBarcodes", KIND_TYPE, true, false, fields_text_list, NULL},
    {"activityId", KIND_STRING, false, false, NULL, NULL},
    {"orderTypeList", KIND_TYPE, false, false, fields_order_type_list, NULL},
    {"orderIds", KIND_STRING, false, true, NULL, NULL},
    {"orderNumbers", KIND_TYPE, false, true, fields_year_number, NULL},
    {"ownerFilter", KIND_TYPE, false, false, fields_owner_label_filter, NULL},
    {"branchGroupFilter", KIND_TYPE, false, false, fields_branch_group_filter, NULL},
    {"includeLineList", KIND_BOOLEAN, false, false, NULL, NULL},
    {"contractFrequencyFilter", KIND_TYPE, false, false, fields_contract_frequency_list, NULL},
    {"includeLastMailTimelineEvents", KIND_BOOLEAN, false, false, NULL, NULL},
    {"lastMailTimelineEventsFilter", KIND_TYPE, false, false,
     fields_timeline_event_sub_filter, NULL},
    {"includeSigningTimelineEvents", KIND_BOOLEAN, false, false, NULL, NULL},
    {"signingTimelineEventsFilter", KIND_TYPE, false, false,
     fields_timeline_event_sub_filter, NULL},
    {"includeOtherTimelineEvents", KIND_BOOLEAN, false, false, NULL, NULL},
    {"otherTimelineEventsFilter", KIND_TYPE, false, false, fields_timeline_event_sub_filter, NULL},
    {0},
};

static const struct field fields_get_relations_request[] = {
    {"relationNumbers", KIND_LONG, false, true, NULL, NULL},
    {"categoryId", KIND_INT, false, false, NULL, NULL},
    {"syncMarker", KIND_LONG, false, false, NULL, NULL},
    {"syncMarkerLimit", KIND_INT, false, false, NULL, NULL},
    {0},
};

static const struct field fields_soap_mplus_date_time[] = {
    {"sec", KIND_INT, true, false, NULL, NULL},
    {"min", KIND_INT, true, false, NULL, NULL},
    {"hour", KIND_INT, true, false, NULL, NULL},
    {"day", KIND_INT, true, false, NULL, NULL},
    {"mon", KIND_INT, true, false, NULL, NULL},
    {"year", KIND_INT, true, false, NULL, NULL},
    {"isdst", KIND_BOOLEAN, true, false, NULL, NULL},
    {"timezone", KIND_INT, true, false, NULL, NULL},
    {0},
};

static const struct field fields_category_id_set[] = {
    {"category", KIND_INT, false, true, NULL, NULL},
    {0},
};

static const struct field fields_image[] = {
    {"imageId", KIND_LONG, true, false, NULL, NULL},
    {"imageName", KIND_STRING, true, false, NULL, NULL},
    {"imageHash", KIND_STRING, true, false, NULL, NULL},
    {"imagePath", KIND_STRING, true, false, NULL, NULL},
    {"imageUrl", KIND_STRING, true, false, NULL, NULL},
    {"imageData", KIND_STRING, true, false, NULL, NULL},
    {"imageDataResult", KIND_ENUM, true, false, NULL, values_load_file_result},
    {"thumbHash", KIND_STRING, true, false, NULL, NULL},
    {"thumbPath", KIND_STRING, true, false, NULL, NULL},
    {"thumbUrl", KIND_STRING, true, false, NULL, NULL},
    {"thumbData", KIND_STRING, true, false, NULL, NULL},
    {"thumbDataResult", KIND_ENUM, true, false, NULL, values_load_file_result},
    {"imageWidth", KIND_INT, true, false, NULL, NULL},
    {"imageHeight", KIND_INT, true, false, NULL, NULL},
    {"thumbWidth", KIND_INT, true, false, NULL, NULL},
    {"thumbHeight", KIND_INT, true, false, NULL, NULL},
    {"createdTimestamp", KIND_TYPE, true, false, fields_soap_mplus_date_time, NULL},
    {"changedTimestamp", KIND_TYPE, true, false, fields_soap_mplus_date_time, NULL},
    {0},
};

static const struct field fields_image_list[] = {
    {"image", KIND_TYPE, false, true, fields_image, NULL},
    {0},
};

static const struct field fields_custom_field[] = {
    {"fieldName", KIND_STRING, true, false, NULL, NULL},
    {"dataType", KIND_ENUM, false, false, NULL, values_data_type},
    {"isRequired", KIND_BOOLEAN, false, false, NULL, NULL},
    {"strValue", KIND_STRING, false, false, NULL, NULL},
    {"intValue", KIND_LONG, false, false, NULL, NULL},
    {"decimalPlaces", KIND_INT, false, false, NULL, NULL},
    {"boolValue", KIND_BOOLEAN, false, false, NULL, NULL},
    {"dateValue", KIND_TYPE, false, false, fields_soap_mplus_date, NULL},
    {"dateTimeValue", KIND_TYPE, false, false, fields_soap_mplus_date_time, NULL},
    {"multiSelectInt", KIND_INT, false, true, NULL, NULL},
    {0},
};

static const struct field fields_custom_field_list[] = {
    {"customField", KIND_TYPE, false, true, fields_custom_field, NULL},
    {0},
};

static const struct field fields_relation_list[] = {
    {"relation", KIND_TYPE, false, true, fields_relation, NULL},
    {0},
};

static const struct field fields_relation_article_discount[] = {
    {"relationArticleDiscountId", KIND_LONG, false, false, NULL, NULL},
    {"relationNumber", KIND_LONG, false, false, NULL, NULL},
    {"articleNumber", KIND_LONG, false, false, NULL, NULL},
    {"articleDiscountGroupNumber", KIND_INT, false, false, NULL, NULL},
    {"minimumAmount", KIND_LONG, false, false, NULL, NULL},
    {"minimumAmountDecimalPlaces", KIND_INT, false, false, NULL, NULL},
    {"discountPercentage", KIND_INT, false, false, NULL, NULL},
    {"priceIncl", KIND_LONG, false, false, NULL, NULL},
    {"priceExcl", KIND_LONG, false, false, NULL, NULL},
    {0},
};

static const struct field fields_relation_article_discount_list[] = {
    {"relationArticleDiscount", KIND_TYPE, false, true, fields_relation_article_discount, NULL},
    {0},
};

static const struct field fields_relation[] = {
    {"relationNumber", KIND_LONG, false, false, NULL, NULL},
    {"extRelationId", KIND_STRING, false, false, NULL, NULL},
    {"syncMarker", KIND_LONG, false, false, NULL, NULL},
    {"createTimestamp", KIND_TYPE, false, false, fields_soap_mplus_date_time, NULL},
    {"changeTimestamp", KIND_TYPE, false, false, fields_soap_mplus_date_time, NULL},
    {"active", KIND_BOOLEAN, false, false, NULL, NULL},
    {"name", KIND_STRING, false, false, NULL, NULL},
    {"address", KIND_STRING, false, false, NULL, NULL},
    {"zipcode", KIND_STRING, false, false, NULL, NULL},
    {"city", KIND_STRING, false, false, NULL, NULL},
    {"country", KIND_STRING, false, false, NULL, NULL},
    {"deliveryAddress", KIND_STRING, false, false, NULL, NULL},
    {"deliveryZipcode", KIND_STRING, false, false, NULL, NULL},
    {"deliveryCity", KIND_STRING, false, false, NULL, NULL},
    {"deliveryCountry", KIND_STRING, false, false, NULL, NULL},
    {"contact", KIND_STRING, false, false, NULL, NULL},
    {"telephone", KIND_STRING, false, false, NULL, NULL},
    {"mobile", KIND_STRING, false, false, NULL, NULL},
    {"email", KIND_STRING, false, false, NULL, NULL},
    {"website", KIND_STRING, false, false, NULL, NULL},
    {"birthDate", KIND_TYPE, false, false, fields_soap_mplus_date, NULL},
    {"relationCode", KIND_STRING, false, false, NULL, NULL},
    {"points", KIND_INT, false, false, NULL, NULL},
    {"balance", KIND_LONG, false, false, NULL, NULL},
    {"priceGroupNumber", KIND_INT, false, false, NULL, NULL},
    {"discountPercentage", KIND_INT, false, false, NULL, NULL},
    {"categoryId", KIND_INT, false, false, NULL, NULL},
    {"categoryIds", KIND_TYPE, false, false, fields_category_id_set, NULL},
    {"cardNumber", KIND_STRING, false, false, NULL, NULL},
    {"bankAccountNumber", KIND_STRING, false, false, NULL, NULL},
    {"creditLimit", KIND_LONG, false, false, NULL, NULL},
    {"paymentWithinDays", KIND_INT, false, false, NULL, NULL},
    {"vatNumber", KIND_STRING, false, false, NULL, NULL},
    {"commerceNumber", KIND_STRING, false, false, NULL, NULL},
    {"extraText", KIND_STRING, false, false, NULL, NULL},
    {"defaultVatMethod", KIND_ENUM, false, false, NULL, values_vat_method},
    {"neverPrintOrEmailReceipt", KIND_BOOLEAN, false, false, NULL, NULL},
    {"alwaysPrintReceipt", KIND_BOOLEAN, false, false, NULL, NULL},
    {"alwaysPrintLargeFormatReceipt", KIND_BOOLEAN, false, false, NULL, NULL},
    {"alwaysEmailReceipt", KIND_BOOLEAN, false, false, NULL, NULL},
    {"condenseCombinedInvoice", KIND_BOOLEAN, false, false, NULL, NULL},
    {"imageList", KIND_TYPE, false, false, fields_image_list, NULL},
    {"customFieldList", KIND_TYPE, false, false, fields_custom_field_list, NULL},
    {"contactList", KIND_TYPE, false, false, fields_relation_list, NULL},
    {"relationArticleDiscountList", KIND_TYPE, false, false,
     fields_relation_article_discount_list, NULL},
    {"companyName", KIND_STRING, false, false, NULL, NULL},
    {"branchesNonPurchasable", KIND_INT, false, true, NULL, NULL},
    {"cardNumbers", KIND_STRING, false, true, NULL, NULL},
    {"invoiceCredit", KIND_DECIMAL, false, false, NULL, NULL},
    {"accountBalance", KIND_DECIMAL, false, false, NULL, NULL},
    {"salePromotionIds", KIND_TYPE, false, false, fields_id_list, NULL},
    {"directDebit", KIND_BOOLEAN, false, false, NULL, NULL},
    {"reminderEmail", KIND_STRING, false, false, NULL, NULL},
    {"canEarnPoints", KIND_BOOLEAN, false, false, NULL, NULL},
    {"canRedeemPoints", KIND_BOOLEAN, false, false, NULL, NULL},
    {"cantRedeemPointsReason", KIND_STRING, false, false, NULL, NULL},
    {0},
};

static const struct field fields_find_relation_v2_request[] = {
    {"relation", KIND_TYPE, true, false, fields_relation, NULL},
    {"exactMatch", KIND_BOOLEAN, false, false, NULL, NULL},
    {0},
};

static const struct field fields_get_products_request[] = {
    {"articleNumbers", KIND_LONG, false, true, NULL, NULL},
    {"groupNumbers", KIND_INT, false, true, NULL, NULL},
    {"pluNumbers", KIND_TYPE, true, false, fields_text_list, NULL},
    {"onlyWebshop", KIND_BOOLEAN, false, false, NULL, NULL},
    {"onlyActive", KIND_BOOLEAN, false, false, NULL, NULL},
    {"syncMarker", KIND_LONG, false, false, NULL, NULL},
    {"syncMarkerLimit", KIND_INT, false, false, NULL, NULL},
    {"syncMarkerExcludePreparationMethods", KIND_BOOLEAN, false, false, NULL, NULL},
    {"changedSinceTimestamp", KIND_TYPE, false, false, fields_soap_mplus_date_time, NULL},
    {"changedSinceBranchNumber", KIND_INT, false, false, NULL, NULL},
    {"includeAllArticlesOfSelectedProducts", KIND_BOOLEAN, false, false, NULL, NULL},
    {"productNumbers", KIND_LONG, false, true, NULL, NULL},
    {0},
};

static const struct field fields_get_payment_methods_request[] = {
    {"accountNumber", KIND_INT, false, false, NULL, NULL},
    {"paymentMethodTypes", KIND_ENUM, false, true, NULL, values_payment_method_type},
    {"includeBpeConfiguration", KIND_BOOLEAN, false, false, NULL, NULL},
    {"includeGiftcardType", KIND_BOOLEAN, false, false, NULL, NULL},
    {0},
};

static const struct field fields_get_delivery_methods_v2_request[] = {
    {"onlyEnabled", KIND_BOOLEAN, false, false, NULL, NULL},
    {0},
};

static const struct field fields_get_employees_request[] = {
    {"employeeNumbers", KIND_LONG, false, true, NULL, NULL},
    {"syncMarker", KIND_LONG, false, false, NULL, NULL},
    {"syncMarkerLimit", KIND_INT, false, false, NULL, NULL},
    {0},
};

static const struct field nothing[] = {{0}};

static const struct field op_get_orders[] = {
    {"request", KIND_TYPE, true, false, fields_get_orders_request, NULL},
    {0},
};

static const struct field op_get_order[] = {
    {"orderId", KIND_STRING, true, false, NULL, NULL},
    {0},
};

static const struct field op_find_order[] = {
    {"extOrderId", KIND_STRING, true, false, NULL, NULL},
    {0},
};

static const struct field op_get_relations[] = {
    {"request", KIND_TYPE, false, false, fields_get_relations_request, NULL},
    {0},
};

static const struct field op_get_relation[] = {
    {"relationNumber", KIND_LONG, true, false, NULL, NULL},
    {0},
};

static const struct field op_find_relation[] = {
    {"relation", KIND_TYPE, false, false, fields_relation, NULL},
    {0},
};

static const struct field op_find_relation_v2[] = {
    {"request", KIND_TYPE, true, false, fields_find_relation_v2_request, NULL},
    {0},
};

static const struct field op_create_relation[] = {
    {"relation", KIND_TYPE, false, false, fields_relation, NULL},
    {0},
};

static const struct field op_update_relation[] = {
    {"relation", KIND_TYPE, false, false, fields_relation, NULL},
    {0},
};

static const struct field op_get_products[] = {
    {"request", KIND_TYPE, true, false, fields_get_products_request, NULL},
    {0},
};

static const struct field op_get_payment_methods_v2[] = {
    {"request", KIND_TYPE, true, false, fields_get_payment_methods_request, NULL},
    {0},
};

static const struct field op_get_delivery_methods_v2[] = {
    {"request", KIND_TYPE, true, false, fields_get_delivery_methods_v2_request, NULL},
    {0},
};

static const struct field op_get_employees[] = {
    {"request", KIND_TYPE, false, false, fields_get_employees_request, NULL},
    {0},
};

static const struct {
    const char *name;
    const struct field *fields;
} operations[] = {
    {"createRelation", op_create_relation},
    {"findOrder", op_find_order},
    {"findRelation", op_find_relation},
    {"findRelationV2", op_find_relation_v2},
    {"getApiVersion", nothing},
    {"getBranches", nothing},
    {"getCurrentSyncMarkers", nothing},
    {"getDeliveryMethods", nothing},
    {"getDeliveryMethodsV2", op_get_delivery_methods_v2},
    {"getEmployees", op_get_employees},
    {"getOrder", op_get_order},
    {"getOrderCategories", nothing},
    {"getOrders", op_get_orders},
    {"getPaymentMethods", nothing},
    {"getPaymentMethodsV2", op_get_payment_methods_v2},
    {"getProducts", op_get_products},
    {"getRelation", op_get_relation},
    {"getRelations", op_get_relations},
    {"getVatGroupList", nothing},
    {"updateRelation", op_update_relation},
};

const struct field *const schema_relation = fields_relation;

const struct field *schema_request(const char *operation, const char **known_name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(operations[i].name, operation) == 0) {
            *known_name = operations[i].name;
            return operations[i].fields;
        }
    }
    return NULL;
}

static bool whole_number(const char *text, int64_t low, int64_t high)
{
    char *end;
    if (!*text || strspn(text, "+-0123456789") != strlen(text))
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    return errno == 0 && !*end && value >= low && value <= high;
}

static bool decimal_number(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    size_t whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        size_t part = strspn(text + 1, "0123456789");
        whole += part;
        text += 1 + part;
    }
    return whole > 0 && !*text;
}

static bool one_of(const char *text, const char *const *values)
{
    for (; *values; values++) {
        if (strcmp(text, *values) == 0)
            return true;
    }
    return false;
}

static bool check_value(const struct node *n, const struct field *f, char *why)
{
    static const char *const truths[] = {"true", "false", "1", "0", NULL};
    static const char *const names[] = {"string", "long",   "int",  "decimal",
                                        "boolean", "enumeration", "type"};
    bool good = true;

    if (f->kind == KIND_TYPE)
        return schema_check(n, f->sub, why);
    if (n->first) {
        snprintf(why, SOAP_FAULT_BYTES, "Validation constraint violation: element '%s' has a child",
                 n->name);
        return false;
    }
    if (f->kind == KIND_LONG)
        good = whole_number(n->text, INT64_MIN, INT64_MAX);
    else if (f->kind == KIND_INT)
        good = whole_number(n->text, INT32_MIN, INT32_MAX);
    else if (f->kind == KIND_DECIMAL)
        good = decimal_number(n->text);
    else if (f->kind == KIND_BOOLEAN)
        good = one_of(n->text, truths);
    else if (f->kind == KIND_ENUM)
        good = one_of(n->text, f->values);
    if (!good)
        snprintf(why, SOAP_FAULT_BYTES,
                 "Validation constraint violation: data type mismatch in element '%s' (%s): "
                 "'%.60s'",
                 n->name, names[f->kind], n->text);
    return good;
}

static bool missing(const struct field *f, const struct node *in, char *why)
{
    snprintf(why, SOAP_FAULT_BYTES,
             "Validation constraint violation: occurrence violation in element '%s': '%s' missing",
             in->name, f->name);
    return false;
}

bool schema_check(const struct node *n, const struct field *fields, char *why)
{
    const struct field *f = fields;
    bool seen = false; // whether the present field has had an element already

    for (const struct node *c = n->first; c; c = c->next) {
        const struct field *at = f;
        while (at->name && strcmp(at->name, c->name) != 0)
            at++;
        // Unknown, out of order, or once too often.
        if (!at->name || (at == f && seen && !f->repeated)) {
            snprintf(why, SOAP_FAULT_BYTES,
                     "Validation constraint violation: tag name or namespace mismatch in element "
                     "'%.150s' inside '%.150s'",
                     c->name, n->name);
            return false;
        }
        for (; f < at; f++, seen = false) {
            if (f->required && !seen)
                return missing(f, n, why);
        }
        seen = true;
        if (!check_value(c, f, why))
            return false;
    }
    for (; f->name; f++, seen = false) {
        if (f->required && !seen)
            return missing(f, n, why);
    }
    return true;
}
