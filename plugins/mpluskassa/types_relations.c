/* SPDX-License-Identifier: MIT
 * Message types of relations: customers and suppliers. */
#include "types.h"
#include "types_macros.h"

static const struct soap_field type_custom_field_fields[] = {
    NEEDED("fieldName", SOAP_TEXT), ENUM("dataType"), BOOL("isRequired"), TEXT("strValue"),
    QUANTITY("intValue", "decimalPlaces"), BOOL("boolValue"), DATE("dateValue"),
    DATETIME("dateTimeValue"), REPEAT_VALUES("multiSelectInt", SOAP_INT)};
TYPE(type_custom_field, "CustomField");

static const struct soap_field type_custom_field_lists_response_fields[] = {
    LIST("articleCustomFieldList", "customField", type_custom_field),
    LIST("employeeCustomFieldList", "customField", type_custom_field),
    LIST("relationCustomFieldList", "customField", type_custom_field)};
static TYPE(type_custom_field_lists_response, "GetCustomFieldListsResponse");
OPERATION(op_get_custom_field_lists, "getCustomFieldLists", NULL,
          &type_custom_field_lists_response, false);

static const struct soap_field type_article_discount_fields[] = {
    LONG("relationArticleDiscountId"), LONG("relationNumber"), LONG("articleNumber"),
    INT("articleDiscountGroupNumber"), QUANTITY("minimumAmount", "minimumAmountDecimalPlaces"),
    PERCENT("discountPercentage"), MONEY("priceIncl"), MONEY("priceExcl")};
TYPE(type_article_discount, "RelationArticleDiscount");

static const struct soap_field type_relation_fields[] = {
    LONG("relationNumber"), TEXT("extRelationId"), LONG("syncMarker"), DATETIME("createTimestamp"),
    DATETIME("changeTimestamp"), BOOL("active"), TEXT("name"), TEXT("address"), TEXT("zipcode"),
    TEXT("city"), TEXT("country"), TEXT("deliveryAddress"), TEXT("deliveryZipcode"),
    TEXT("deliveryCity"), TEXT("deliveryCountry"), TEXT("contact"), TEXT("telephone"),
    TEXT("mobile"), TEXT("email"), TEXT("website"), DATE("birthDate"), TEXT("relationCode"),
    INT("points"), MONEY("balance"), INT("priceGroupNumber"), PERCENT("discountPercentage"),
    INT("categoryId"), VALUES("categoryIds", "category", SOAP_INT), TEXT("cardNumber"),
    TEXT("bankAccountNumber"), MONEY("creditLimit"), INT("paymentWithinDays"), TEXT("vatNumber"),
    TEXT("commerceNumber"), TEXT("extraText"), ENUM("defaultVatMethod"),
    BOOL("neverPrintOrEmailReceipt"), BOOL("alwaysPrintReceipt"),
    BOOL("alwaysPrintLargeFormatReceipt"), BOOL("alwaysEmailReceipt"),
    BOOL("condenseCombinedInvoice"), LIST("customFieldList", "customField", type_custom_field),
    LIST("contactList", "relation", type_relation),
    LIST("relationArticleDiscountList", "relationArticleDiscount", type_article_discount),
    TEXT("companyName"), REPEAT_VALUES("branchesNonPurchasable", SOAP_INT),
    REPEAT_VALUES("cardNumbers", SOAP_TEXT), DECIMAL("invoiceCredit"), DECIMAL("accountBalance"),
    VALUES("salePromotionIds", "id", SOAP_TEXT), BOOL("directDebit"), TEXT("reminderEmail"),
    BOOL("canEarnPoints"), BOOL("canRedeemPoints"), TEXT("cantRedeemPointsReason")};
TYPE(type_relation, "Relation");

static const struct soap_field type_get_relations_request_fields[] = {
    REPEAT_VALUES("relationNumbers", SOAP_LONG), INT("categoryId"), LONG("syncMarker"),
    INT("syncMarkerLimit")};
static TYPE(type_get_relations_request, "GetRelationsRequest");

static const struct soap_field type_get_relations_fields[] = {
    OBJECT("request", type_get_relations_request)};
static TYPE(type_get_relations, "getRelations");

static const struct soap_field type_get_relations_response_fields[] = {
    NEEDED_LIST("relationList", "relation", type_relation)};
static TYPE(type_get_relations_response, "GetRelationsResponse");

static const struct soap_field type_get_relation_fields[] = {NEEDED("relationNumber", SOAP_LONG)};
static TYPE(type_get_relation, "getRelation");

static const struct soap_field type_get_relation_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("relation", type_relation)};
static TYPE(type_get_relation_response, "GetRelationResponse");

static const struct soap_field type_find_relation_request_fields[] = {
    NEEDED_OBJECT("relation", type_relation), BOOL("exactMatch")};
static TYPE(type_find_relation_request, "FindRelationV2Request");

static const struct soap_field type_find_relation_fields[] = {
    NEEDED_OBJECT("request", type_find_relation_request)};
static TYPE(type_find_relation, "findRelationV2");

static const struct soap_field type_write_relation_fields[] = {OBJECT("relation", type_relation)};
static TYPE(type_write_relation, "relation");

static const struct soap_field type_create_relation_response_fields[] = {
    NEEDED("result", SOAP_ENUM), LONG("relationNumber"), DATETIME("changeTimestamp"),
    LONG("syncMarker"), TEXT("errorMessage")};
static TYPE(type_create_relation_response, "CreateRelationResponse");

static const struct soap_field type_update_relation_response_fields[] = {
    NEEDED("result", SOAP_ENUM), TEXT("errorMessage"), DATETIME("changeTimestamp"),
    LONG("syncMarker")};
static TYPE(type_update_relation_response, "UpdateRelationResponse");

OPERATION(op_get_relations, "getRelations", &type_get_relations, &type_get_relations_response,
          false);
OPERATION(op_get_relation, "getRelation", &type_get_relation, &type_get_relation_response, false);
OPERATION(op_find_relation, "findRelationV2", &type_find_relation, &type_get_relation_response,
          false);
OPERATION(op_create_relation, "createRelation", &type_write_relation,
          &type_create_relation_response, true);
OPERATION(op_update_relation, "updateRelation", &type_write_relation,
          &type_update_relation_response, true);
