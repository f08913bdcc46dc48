/* SPDX-License-Identifier: MIT
 * The vendor's message types as tables: children in the order of the schema. Products, articles,
 * groups and stock are in types_goods.c. */
#include "types.h"
#include "types_macros.h"

/* ---- basics ---- */

static const struct soap_field type_text_fields[] = {NEEDED("text", SOAP_TEXT)};
TYPE(type_text, "Text");

static const struct soap_field type_year_number_fields[] = {
    NEEDED("year", SOAP_INT), NEEDED("number", SOAP_LONG)};
static TYPE(type_year_number, "YearNumber");

static const struct soap_field type_workplace_year_number_fields[] = {
    NEEDED("branchNumber", SOAP_INT), NEEDED("workplaceNumber", SOAP_INT),
    NEEDED("year", SOAP_INT), NEEDED("number", SOAP_LONG)};
static TYPE(type_workplace_year_number, "WorkplaceYearNumber");

static const struct soap_field type_transaction_number_fields[] = {
    TEXT("displayString"), NEEDED("branch", SOAP_LONG), LONG("workplace"),
    NEEDED_OBJECT("number", type_year_number)};
static TYPE(type_transaction_number, "TransactionNumber");

static const struct soap_field type_address_fields[] = {
    TEXT("addressId"), TEXT("name"), TEXT("contact"), TEXT("address"), TEXT("zipcode"),
    TEXT("city"), TEXT("country"), TEXT("label"), TEXT("companyName"),
    TEXT("supplierInformation")};
static TYPE(type_address, "Address");

static const struct soap_field type_vat_group_fields[] = {
    INT("branchNumber"), TEXT("extBranchId"), INT("countryCode"), TEXT("countryIso3"),
    NEEDED("vatCode", SOAP_INT), NEEDED("vatPercentage", SOAP_PERCENT), MONEY("exclAmount"),
    MONEY("vatAmount"), INT("accountNumber")};
static TYPE(type_vat_group, "VatGroup");

static const struct soap_field type_branch_account_fields[] = {
    NEEDED("branchNumber", SOAP_INT), TEXT("extBranchId"), INT("accountNumber"),
    INT("purchaseAccountNumber"), INT("stockAccountNumber")};
static TYPE(type_branch_account, "BranchAccountNumber");

/* ---- orders ---- */

static const struct soap_field type_promotion_fields[] = {
    NEEDED("salePromotionId", SOAP_TEXT), NEEDED("salePromotionLineId", SOAP_TEXT),
    TEXT("description"), INT("setNumber")};
static TYPE(type_promotion, "SalePromotionLineData");

static const struct soap_field type_contract_line_fields[] = {
    NEEDED("lineNumber", SOAP_INT), NEEDED("articleNumber", SOAP_LONG),
    NEEDED("quantity", SOAP_DECIMAL), NEEDED("priceIncl", SOAP_DECIMAL),
    NEEDED("priceExcl", SOAP_DECIMAL), NEEDED("amountIncl", SOAP_DECIMAL),
    NEEDED("amountExcl", SOAP_DECIMAL), NEEDED("frequency", SOAP_ENUM), TEXT("startDate")};
static TYPE(type_contract_line, "SalesLineContractLine");

static const struct soap_field type_line_data_fields[] = {
    {"quantity", SOAP_QUANTITY, true, "decimalPlaces", SOAP_TEXT, NULL},
    FIELD("decimalPlaces", SOAP_PLACES),
    QUANTITY("deliveredQuantity", "deliveredDecimalPlaces"),
    QUANTITY("cancelledQuantity", "cancelledDecimalPlaces"),
    MONEY("price"), MONEY("priceExcl"), MONEY("originalPrice"), MONEY("originalPriceExcl"),
    MONEY("purchasePrice"), DECIMAL("averagePurchasePrice"),
    QUANTITY("exchangeRateBuyPrice", "exchangeRateBuyPriceDecimalPlaces"),
    QUANTITY("exchangeRateSellPrice", "exchangeRateSellPriceDecimalPlaces"),
    INT("exchangeRateMultiplier"), INT("turnoverGroup"), TEXT("turnoverGroupName"),
    ENUM("turnoverGroupType"), INT("turnoverGroupAccountNumber"), TEXT("turnoverGroupCostCenter"),
    INT("vatCode"), PERCENT("vatPercentage"), INT("pricePerQuantity"), TEXT("siUnit"),
    ENUM("discountType"), PERCENT("discountPercentage"), MONEY("discountAmount"),
    MONEY("discountAmountExcl"), TEXT("bpeId"), TEXT("bpeDescription"), MONEY("bpeAmount"),
    MONEY("bpeAmountExcl"), TEXT("menuId"), TEXT("menuLinesId"), MONEY("totalInclAmount"),
    MONEY("totalExclAmount"), ENUM("priceType"), INT("purchaseAccountNumber"),
    INT("stockAccountNumber"), LONG("bpeAccordationEmployeeNumber"),
    TEXT("redeemedVoucherIssuanceId"), TEXT("pendingVoucherIssuanceStartTs")};
TYPE(type_line_data, "LineData");

static const struct soap_field type_line_fields[] = {
    TEXT("lineId"), LONG("employeeNumber"), NEEDED("articleNumber", SOAP_LONG), TEXT("pluNumber"),
    TEXT("text"), LONG("supplierRelationNumber"), TEXT("supplierRelationName"),
    TEXT("supplierArticleNumber"), OBJECT("data", type_line_data), INT("courseNumber"),
    TEXT("menuHash"), TEXT("menuDescription"), MONEY("menuAmount"),
    OBJECT("salePromotionData", type_promotion), ENUM("lineType"),
    LIST("preparationList", "line", type_line), BOOL("suppressDisposableComponent"), TEXT("tempId"),
    TEXT("retourReason"), INT("sequenceNumber"),
    LIST("contractLines", "contractLine", type_contract_line),
    LIST("uncondensedLines", "line", type_line), TEXT("tempLineId"), ENUM("subLineType"),
    INT("articleAlterationId"), ENUM("lineKind"), TEXT("salesOrderLineId")};
TYPE(type_line, "Line");

static const struct soap_field type_payment_fields[] = {
    TEXT("paymentId"), DATE("financialDate"), DATETIME("entryTimestamp"), INT("branchNumber"),
    TEXT("extBranchId"), INT("workplaceNumber"), LONG("employeeNumber"), TEXT("employeeName"),
    NEEDED("method", SOAP_TEXT), TEXT("description"), NEEDED("amount", SOAP_MONEY),
    ENUM("paymentMethodType"), INT("accountNumber"),
    LIST("branchAccountNumberList", "branchAccountNumber", type_branch_account),
    TEXT("giftcardNumber"), TEXT("externalPaymentId"), TEXT("externalReference")};
static TYPE(type_payment, "Payment");

static const struct soap_field type_order_fields[] = {
    NEEDED("orderId", SOAP_TEXT), TEXT("extOrderId"), VALUES("invoiceIds", "id", SOAP_TEXT),
    VALUES("extInvoiceIds", "id", SOAP_TEXT), TEXT("transactionString"), LONG("syncMarker"),
    ENUM("orderType"), INT("entryBranchNumber"), TEXT("entryExtBranchId"), LONG("employeeNumber"),
    TEXT("employeeName"), DATETIME("entryTimestamp"), LONG("relationNumber"), TEXT("relationName"),
    INT("relationCategoryId"), TEXT("relationBankAccountNumber"), TEXT("relationVatNumber"),
    OBJECT("deliveryAddress", type_address), OBJECT("invoiceAddress", type_address),
    DATE("financialDate"), INT("financialBranchNumber"), TEXT("financialExtBranchId"),
    INT("workplaceNumber"), TEXT("reference"), TEXT("activityId"), MONEY("totalInclAmount"),
    MONEY("totalExclAmount"), ENUM("vatMethod"), LIST("vatGroupList", "vatGroup", type_vat_group),
    TEXT("deliveryMethod"), DATE("deliveryDate"), DATETIME("deliveryPeriodBegin"),
    DATETIME("deliveryPeriodEnd"), TEXT("paymentMethod"), INT("changeCounter"),
    INT("versionNumber"), MONEY("prepaidAmount"), BOOL("fullyPaid"), ENUM("deliveryState"),
    ENUM("cancelState"), ENUM("completeState"), INT("tableNumber"), INT("tableSubNumber"),
    TEXT("tableDescription"), INT("numberOfGuests"), OBJECT("orderNumber", type_year_number),
    OBJECT("branchOrderNumber", type_workplace_year_number), TEXT("orderBarcode"),
    INT("orderCategoryNumber"), TEXT("orderCategoryDescription"), TEXT("onDeliveryUrl"),
    TEXT("onInvoiceUrl"), LIST("lineList", "line", type_line),
    LIST("paymentList", "payment", type_payment), ENUM("vatChange"), INT("vatCountryCode"),
    TEXT("vatCountryIso3"), OBJECT("cateringOrderNumber", type_year_number),
    LIST("invoiceNumbers", "yearNumber", type_year_number),
    VALUES("packingSlipIds", "id", SOAP_TEXT),
    LIST("packingSlipNumbers", "yearNumber", type_year_number), TEXT("proposalId"),
    TEXT("extProposalId"), OBJECT("proposalNumber", type_year_number), INT("branchGroupNumber"),
    TEXT("ownerId"), LIST("branchInvoiceNumbers", "transactionNumber", type_transaction_number)};
TYPE(type_order, "Order");

static const struct soap_field type_get_orders_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), DATE("fromFinancialDate"),
    DATE("throughFinancialDate"), REPEAT_VALUES("branchNumbers", SOAP_INT),
    NEEDED_LIST("articlePluNumbers", "text", type_text),
    NEEDED_LIST("articleBarcodes", "text", type_text),
    VALUES("orderTypeList", "orderType", SOAP_ENUM), REPEAT_VALUES("orderIds", SOAP_TEXT),
    BOOL("includeLineList")};
static TYPE(type_get_orders_request, "GetOrdersRequest");

static const struct soap_field type_get_orders_fields[] = {
    NEEDED_OBJECT("request", type_get_orders_request)};
static TYPE(type_get_orders, "getOrders");

static const struct soap_field type_get_orders_response_fields[] = {
    LIST("orderList", "order", type_order)};
static TYPE(type_get_orders_response, "GetOrdersResponse");

static const struct soap_field type_get_order_fields[] = {NEEDED("orderId", SOAP_TEXT)};
static TYPE(type_get_order, "getOrder");

static const struct soap_field type_find_order_fields[] = {NEEDED("extOrderId", SOAP_TEXT)};
static TYPE(type_find_order, "findOrder");

static const struct soap_field type_get_order_response_fields[] = {
    ENUM("result"), OBJECT("order", type_order)};
static TYPE(type_get_order_response, "GetOrderResponse");

static const struct soap_field type_order_category_fields[] = {
    NEEDED("orderCategoryNumber", SOAP_INT), NEEDED("orderCategoryDescription", SOAP_TEXT),
    REPEAT_VALUES("orderCategoryDependencyNumbers", SOAP_INT), NEEDED("allowCancel", SOAP_BOOL),
    NEEDED("allowProcess", SOAP_BOOL)};
static TYPE(type_order_category, "OrderCategory");

static const struct soap_field type_get_order_categories_response_fields[] = {
    REPEAT("orderCategory", type_order_category)};
static TYPE(type_get_order_categories_response, "GetOrderCategoriesResponse");

/* ---- relations ---- */

static const struct soap_field type_custom_field_fields[] = {
    NEEDED("fieldName", SOAP_TEXT), ENUM("dataType"), BOOL("isRequired"), TEXT("strValue"),
    QUANTITY("intValue", "decimalPlaces"), BOOL("boolValue"), DATE("dateValue"),
    DATETIME("dateTimeValue"), REPEAT_VALUES("multiSelectInt", SOAP_INT)};
TYPE(type_custom_field, "CustomField");

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
    LIST("relationList", "relation", type_relation)};
static TYPE(type_get_relations_response, "GetRelationsResponse");

static const struct soap_field type_get_relation_fields[] = {NEEDED("relationNumber", SOAP_LONG)};
static TYPE(type_get_relation, "getRelation");

static const struct soap_field type_get_relation_response_fields[] = {
    ENUM("result"), OBJECT("relation", type_relation)};
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
    ENUM("result"), LONG("relationNumber"), DATETIME("changeTimestamp"), LONG("syncMarker"),
    TEXT("errorMessage")};
static TYPE(type_create_relation_response, "CreateRelationResponse");

static const struct soap_field type_update_relation_response_fields[] = {
    ENUM("result"), TEXT("errorMessage"), DATETIME("changeTimestamp"), LONG("syncMarker")};
static TYPE(type_update_relation_response, "UpdateRelationResponse");

/* ---- choice lists and the version ---- */

static const struct soap_field type_get_vat_groups_response_fields[] = {
    REPEAT("vatGroup", type_vat_group)};
static TYPE(type_get_vat_groups_response, "getVatGroupListResponse");

static const struct soap_field type_payment_method_fields[] = {
    NEEDED("method", SOAP_TEXT), NEEDED("description", SOAP_TEXT), NEEDED("buttonText", SOAP_TEXT),
    NEEDED("allowNegativeAmount", SOAP_BOOL), BOOL("active"), ENUM("type"), INT("accountNumber"),
    LIST("branchAccountNumberList", "branchAccountNumber", type_branch_account),
    TEXT("depositPaymentMethod"), BOOL("hasExternalPaymentWebhook")};
static TYPE(type_payment_method, "PaymentMethod");

static const struct soap_field type_get_payment_methods_response_fields[] = {
    LIST("paymentMethodList", "paymentMethod", type_payment_method)};
static TYPE(type_get_payment_methods_response, "GetPaymentMethodsResponse");

static const struct soap_field type_delivery_method_fields[] = {
    NEEDED("deliveryMethod", SOAP_TEXT), NEEDED("description", SOAP_TEXT),
    NEEDED("buttonText", SOAP_TEXT), BOOL("enabled")};
static TYPE(type_delivery_method, "DeliveryMethod");

static const struct soap_field type_get_delivery_methods_response_fields[] = {
    LIST("deliveryMethodList", "deliveryMethod", type_delivery_method)};
static TYPE(type_get_delivery_methods_response, "GetDeliveryMethodsResponse");

static const struct soap_field type_workplace_fields[] = {
    NEEDED("workplaceNumber", SOAP_INT), NEEDED("workplaceName", SOAP_TEXT),
    NEEDED("isMobile", SOAP_BOOL), TEXT("workplaceType"), BOOL("isSlave"),
    DATETIME("lastSlaveSync"), INT("priceGroupNumber"), TEXT("extWorkplaceId")};
static TYPE(type_workplace, "Workplace");

static const struct soap_field type_branch_fields[] = {
    NEEDED("branchNumber", SOAP_INT), NEEDED("branchName", SOAP_TEXT), LONG("relationNumber"),
    NEEDED("abbreviation", SOAP_TEXT), TEXT("extBranchId"), BOOL("isFullSlave"),
    INT("priceGroupNumber"), LIST("workplaces", "workplace", type_workplace),
    NEEDED("countryCode", SOAP_INT), NEEDED("countryIso3", SOAP_TEXT),
    NEEDED("countryName", SOAP_TEXT)};
static TYPE(type_branch, "Branch");

static const struct soap_field type_get_branches_response_fields[] = {
    LIST("branches", "branch", type_branch)};
static TYPE(type_get_branches_response, "getBranchesResponse");

/* The password, phone and bank fields of an employee are nobody's business here and left out. */
static const struct soap_field type_employee_fields[] = {
    LONG("employeeNumber"), TEXT("extEmployeeId"), LONG("syncMarker"), DATETIME("createTimestamp"),
    DATETIME("changeTimestamp"), TEXT("name"), TEXT("username"), TEXT("email"), BOOL("active")};
static TYPE(type_employee, "Employee");

static const struct soap_field type_get_employees_response_fields[] = {
    LIST("employeeList", "employee", type_employee)};
static TYPE(type_get_employees_response, "GetEmployeesResponse");

static const struct soap_field type_get_api_version_response_fields[] = {
    INT("majorNumber"), INT("minorNumber"), INT("revisionNumber"), INT("serviceMajorNumber"),
    INT("serviceMinorNumber"), INT("serviceRevisionNumber"), INT("serviceBuildNumber"),
    DATE("serviceDate"), TEXT("serviceHostname"), INT("serviceMinWorkerThreads"),
    INT("serviceMaxWorkerThreads"), BOOL("inDebugMode"), BOOL("isSlaveApi"),
    INT("slaveBranchNumber"), TEXT("serviceVersionDisplayString")};
static TYPE(type_get_api_version_response, "getApiVersionResponse");

/* ---- operations ---- */

OPERATION(op_get_api_version, "getApiVersion", NULL, &type_get_api_version_response, false);
OPERATION(op_get_orders, "getOrders", &type_get_orders, &type_get_orders_response, false);
OPERATION(op_get_order, "getOrder", &type_get_order, &type_get_order_response, false);
OPERATION(op_find_order, "findOrder", &type_find_order, &type_get_order_response, false);
OPERATION(op_get_relations, "getRelations", &type_get_relations, &type_get_relations_response,
          false);
OPERATION(op_get_relation, "getRelation", &type_get_relation, &type_get_relation_response, false);
OPERATION(op_find_relation, "findRelationV2", &type_find_relation, &type_get_relation_response,
          false);
OPERATION(op_create_relation, "createRelation", &type_write_relation,
          &type_create_relation_response, true);
OPERATION(op_update_relation, "updateRelation", &type_write_relation,
          &type_update_relation_response, true);
OPERATION(op_get_vat_groups, "getVatGroupList", NULL, &type_get_vat_groups_response, false);
OPERATION(op_get_payment_methods, "getPaymentMethods", NULL, &type_get_payment_methods_response,
          false);
OPERATION(op_get_delivery_methods, "getDeliveryMethods", NULL, &type_get_delivery_methods_response,
          false);
OPERATION(op_get_branches, "getBranches", NULL, &type_get_branches_response, false);
OPERATION(op_get_employees, "getEmployees", NULL, &type_get_employees_response, false);
OPERATION(op_get_order_categories, "getOrderCategories", NULL,
          &type_get_order_categories_response, false);

const struct soap_operation *const operations[] = {
    &op_get_api_version, &op_get_orders, &op_get_order, &op_find_order, &op_get_relations,
    &op_get_relation, &op_find_relation, &op_create_relation, &op_update_relation,
    &op_get_products, &op_get_vat_groups, &op_get_payment_methods, &op_get_delivery_methods,
    &op_get_branches, &op_get_employees, &op_get_order_categories, NULL};
