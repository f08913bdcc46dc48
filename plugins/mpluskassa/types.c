/* SPDX-License-Identifier: MIT
 * The vendor's message types as tables, children in the order of the schema: what many share, and
 * the choice lists. The rest stands in types_*.c. */
#include "types.h"
#include "types_macros.h"

/* ---- basics ---- */

static const struct soap_field type_text_fields[] = {NEEDED("text", SOAP_TEXT)};
TYPE(type_text, "Text");

static const struct soap_field type_year_number_fields[] = {
    NEEDED("year", SOAP_INT), NEEDED("number", SOAP_LONG)};
TYPE(type_year_number, "YearNumber");

static const struct soap_field type_workplace_year_number_fields[] = {
    NEEDED("branchNumber", SOAP_INT), NEEDED("workplaceNumber", SOAP_INT),
    NEEDED("year", SOAP_INT), NEEDED("number", SOAP_LONG)};
TYPE(type_workplace_year_number, "WorkplaceYearNumber");

static const struct soap_field type_transaction_number_fields[] = {
    TEXT("displayString"), NEEDED("branch", SOAP_LONG), LONG("workplace"),
    NEEDED_OBJECT("number", type_year_number)};
TYPE(type_transaction_number, "TransactionNumber");

static const struct soap_field type_address_fields[] = {
    TEXT("addressId"), TEXT("name"), TEXT("contact"), TEXT("address"), TEXT("zipcode"),
    TEXT("city"), TEXT("country"), TEXT("label"), TEXT("companyName"),
    TEXT("supplierInformation")};
TYPE(type_address, "Address");

static const struct soap_field type_vat_group_fields[] = {
    INT("branchNumber"), TEXT("extBranchId"), INT("countryCode"), TEXT("countryIso3"),
    NEEDED("vatCode", SOAP_INT), NEEDED("vatPercentage", SOAP_PERCENT), MONEY("exclAmount"),
    MONEY("vatAmount"), INT("accountNumber")};
TYPE(type_vat_group, "VatGroup");

static const struct soap_field type_branch_account_fields[] = {
    NEEDED("branchNumber", SOAP_INT), TEXT("extBranchId"), INT("accountNumber"),
    INT("purchaseAccountNumber"), INT("stockAccountNumber")};
TYPE(type_branch_account, "BranchAccountNumber");

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
    NEEDED_LIST("paymentMethodList", "paymentMethod", type_payment_method)};
static TYPE(type_get_payment_methods_response, "GetPaymentMethodsResponse");

static const struct soap_field type_delivery_method_fields[] = {
    NEEDED("deliveryMethod", SOAP_TEXT), NEEDED("description", SOAP_TEXT),
    NEEDED("buttonText", SOAP_TEXT), BOOL("enabled")};
static TYPE(type_delivery_method, "DeliveryMethod");

static const struct soap_field type_get_delivery_methods_response_fields[] = {
    NEEDED_LIST("deliveryMethodList", "deliveryMethod", type_delivery_method)};
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
    NEEDED_LIST("branches", "branch", type_branch)};
static TYPE(type_get_branches_response, "getBranchesResponse");

/* The password, phone and bank fields of an employee are nobody's business here and left out. */
static const struct soap_field type_employee_fields[] = {
    LONG("employeeNumber"), TEXT("extEmployeeId"), LONG("syncMarker"), DATETIME("createTimestamp"),
    DATETIME("changeTimestamp"), TEXT("name"), TEXT("username"), TEXT("email"), BOOL("active")};
static TYPE(type_employee, "Employee");

static const struct soap_field type_get_employees_response_fields[] = {
    NEEDED_LIST("employeeList", "employee", type_employee)};
static TYPE(type_get_employees_response, "GetEmployeesResponse");

static const struct soap_field type_get_api_version_response_fields[] = {
    INT("majorNumber"), INT("minorNumber"), INT("revisionNumber"), INT("serviceMajorNumber"),
    INT("serviceMinorNumber"), INT("serviceRevisionNumber"), INT("serviceBuildNumber"),
    DATE("serviceDate"), TEXT("serviceHostname"), INT("serviceMinWorkerThreads"),
    INT("serviceMaxWorkerThreads"), BOOL("inDebugMode"), BOOL("isSlaveApi"),
    INT("slaveBranchNumber"), TEXT("serviceVersionDisplayString")};
static TYPE(type_get_api_version_response, "getApiVersionResponse");

static const struct soap_field type_order_category_fields[] = {
    NEEDED("orderCategoryNumber", SOAP_INT), NEEDED("orderCategoryDescription", SOAP_TEXT),
    REPEAT_VALUES("orderCategoryDependencyNumbers", SOAP_INT), NEEDED("allowCancel", SOAP_BOOL),
    NEEDED("allowProcess", SOAP_BOOL)};
static TYPE(type_order_category, "OrderCategory");

static const struct soap_field type_get_order_categories_response_fields[] = {
    REPEAT("orderCategory", type_order_category)};
static TYPE(type_get_order_categories_response, "GetOrderCategoriesResponse");

static const struct soap_field type_turnover_group_fields[] = {
    NEEDED("turnoverGroupType", SOAP_ENUM), NEEDED("turnoverGroup", SOAP_INT),
    NEEDED("turnoverGroupName", SOAP_TEXT), INT("accountNumber")};
static TYPE(type_turnover_group, "TurnoverGroup");

static const struct soap_field type_turnover_groups_request_fields[] = {BOOL("onlyActive")};
static TYPE(type_turnover_groups_request, "GetTurnoverGroupsRequest");

static const struct soap_field type_turnover_groups_fields[] = {
    NEEDED_OBJECT("request", type_turnover_groups_request)};
static TYPE(type_turnover_groups, "getTurnoverGroups");

static const struct soap_field type_turnover_groups_response_fields[] = {
    NEEDED_LIST("turnoverGroupList", "turnoverGroup", type_turnover_group)};
static TYPE(type_turnover_groups_response, "GetTurnoverGroupsResponse");

static const struct soap_field type_card_category_fields[] = {
    NEEDED("categoryId", SOAP_INT), NEEDED("name", SOAP_TEXT)};
static TYPE(type_card_category, "CardCategory");

static const struct soap_field type_card_categories_response_fields[] = {
    LIST("articleCardCategoryList", "cardCategory", type_card_category),
    LIST("relationCardCategoryList", "cardCategory", type_card_category)};
static TYPE(type_card_categories_response, "GetCardCategoriesResponse");

/* ---- operations ---- */

OPERATION(op_get_api_version, "getApiVersion", NULL, &type_get_api_version_response, false);
OPERATION(op_get_vat_groups, "getVatGroupList", NULL, &type_get_vat_groups_response, false);
OPERATION(op_get_payment_methods, "getPaymentMethods", NULL, &type_get_payment_methods_response,
          false);
OPERATION(op_get_delivery_methods, "getDeliveryMethods", NULL, &type_get_delivery_methods_response,
          false);
OPERATION(op_get_branches, "getBranches", NULL, &type_get_branches_response, false);
OPERATION(op_get_employees, "getEmployees", NULL, &type_get_employees_response, false);
OPERATION(op_get_order_categories, "getOrderCategories", NULL,
          &type_get_order_categories_response, false);
OPERATION(op_get_turnover_groups, "getTurnoverGroups", &type_turnover_groups,
          &type_turnover_groups_response, false);
OPERATION(op_get_card_categories, "getCardCategories", NULL, &type_card_categories_response, false);
