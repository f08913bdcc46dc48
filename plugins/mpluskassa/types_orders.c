/* SPDX-License-Identifier: MIT
 * Message types of orders, their lines and payments. */
#include "types.h"
#include "types_macros.h"

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
TYPE(type_payment, "Payment");

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
    NEEDED_LIST("orderList", "order", type_order)};
static TYPE(type_get_orders_response, "GetOrdersResponse");

static const struct soap_field type_get_order_fields[] = {NEEDED("orderId", SOAP_TEXT)};
static TYPE(type_get_order, "getOrder");

static const struct soap_field type_find_order_fields[] = {NEEDED("extOrderId", SOAP_TEXT)};
static TYPE(type_find_order, "findOrder");

static const struct soap_field type_get_order_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("order", type_order)};
static TYPE(type_get_order_response, "GetOrderResponse");

/* ---- writing orders ---- */

static const struct soap_field type_order_info_fields[] = {
    TEXT("orderId"), TEXT("orderString"), BOOL("orderQueued")};
static TYPE(type_order_info, "CreateOrderInfo");

static const struct soap_field type_create_order_v3_request_fields[] = {
    NEEDED("idempotencyKey", SOAP_TEXT), NEEDED_OBJECT("order", type_order), BOOL("prepay"),
    LIST("paymentList", "payment", type_payment)};
static TYPE(type_create_order_v3_request, "CreateOrderV3Request");

static const struct soap_field type_create_order_v3_fields[] = {
    NEEDED_OBJECT("request", type_create_order_v3_request)};
static TYPE(type_create_order_v3, "createOrderV3");

/* Of the order that was made only which one it is and what it came to. */
static const struct soap_field type_created_order_fields[] = {
    TEXT("orderId"), TEXT("extOrderId"), MONEY("totalInclAmount"), MONEY("totalExclAmount")};
static TYPE(type_created_order, "Order");

static const struct soap_field type_create_order_v3_response_fields[] = {
    ENUM("idempotencyResult"), NEEDED("result", SOAP_ENUM), OBJECT("order", type_created_order),
    TEXT("errorMessage"), OBJECT("info", type_order_info), ENUM("payResult"), TEXT("invoiceId")};
static TYPE(type_create_order_v3_response, "CreateOrderV3Response");

static const struct soap_field type_write_order_fields[] = {OBJECT("order", type_order)};
static TYPE(type_write_order, "createOrder");

static const struct soap_field type_write_order_response_fields[] = {
    NEEDED("result", SOAP_ENUM), OBJECT("info", type_order_info), TEXT("errorMessage")};
static TYPE(type_write_order_response, "CreateOrderResponse");

static const struct soap_field type_pay_order_request_fields[] = {
    NEEDED("orderId", SOAP_TEXT), NEEDED("prepay", SOAP_BOOL),
    NEEDED_LIST("paymentList", "payment", type_payment)};
static TYPE(type_pay_order_request, "PayOrderRequest");

static const struct soap_field type_pay_order_fields[] = {
    NEEDED_OBJECT("request", type_pay_order_request)};
static TYPE(type_pay_order, "payOrder");

static const struct soap_field type_pay_order_response_fields[] = {
    NEEDED("result", SOAP_ENUM), TEXT("errorMessage")};
static TYPE(type_pay_order_response, "PayOrderResponse");

static const struct soap_field type_cancel_order_response_fields[] = {
    NEEDED("result", SOAP_ENUM), TEXT("message")};
static TYPE(type_cancel_order_response, "CancelOrderResponse");

/* ---- operations ---- */

OPERATION(op_get_orders, "getOrders", &type_get_orders, &type_get_orders_response, false);
OPERATION(op_get_order, "getOrder", &type_get_order, &type_get_order_response, false);
OPERATION(op_find_order, "findOrder", &type_find_order, &type_get_order_response, false);
OPERATION(op_create_order_v3, "createOrderV3", &type_create_order_v3,
          &type_create_order_v3_response, true);
OPERATION(op_create_order, "createOrder", &type_write_order, &type_write_order_response, true);
OPERATION(op_update_order, "updateOrder", &type_write_order, &type_write_order_response, true);
OPERATION(op_pay_order, "payOrder", &type_pay_order, &type_pay_order_response, true);
OPERATION(op_cancel_order, "cancelOrder", &type_get_order, &type_cancel_order_response, true);
