/* SPDX-License-Identifier: MIT
 * The vendor's message types of the goods side as tables: products and their articles. */
#include "types.h"
#include "types_macros.h"

/* ---- products ---- */

static const struct soap_field type_barcode_fields[] = {
    LONG("barcodeId"), TEXT("description"), TEXT("barcode"), DATE("barcodeDate"),
    QUANTITY("quantity", "decimalPlaces"), TEXT("contentUnit"),
    QUANTITY("contentQuantity", "contentQuantityDecimalPlaces"), MONEY("purchasePrice"),
    MONEY("priceIncl"), MONEY("priceExcl"), BOOL("isCurrent")};
static TYPE(type_barcode, "Barcode");

static const struct soap_field type_sales_price_fields[] = {
    NEEDED("salesPriceNumber", SOAP_INT), TEXT("description"), DATE("startDate"), DATE("endDate"),
    MONEY("priceIncl"), MONEY("priceExcl"), PERCENT("discountPercentage"), INT("minimumAmount")};
static TYPE(type_sales_price, "SalesPrice");

static const struct soap_field type_price_group_fields[] = {
    NEEDED("priceGroupNumber", SOAP_INT), TEXT("description"), MONEY("priceIncl"),
    MONEY("priceExcl"), PERCENT("discountPercentage"), INT("minimumAmount")};
static TYPE(type_price_group, "PriceGroup");

static const struct soap_field type_linked_article_fields[] = {
    NEEDED("articleNumber", SOAP_LONG),
    {"quantity", SOAP_QUANTITY, true, "decimalPlaces", SOAP_TEXT, NULL},
    FIELD("decimalPlaces", SOAP_PLACES)};
static TYPE(type_linked_article, "LinkedArticle");

static const struct soap_field type_article_fields[] = {
    LONG("articleNumber"), TEXT("extArticleId"), TEXT("pluNumber"), LONG("syncMarker"),
    DATETIME("changeTimestamp"), DATETIME("createTimestamp"), BOOL("active"), TEXT("description"),
    TEXT("colour"), INT("colourSequenceNumber"), TEXT("size"), INT("sizeSequenceNumber"),
    TEXT("invoiceText"), TEXT("receiptText"), TEXT("displayText"), TEXT("barcode"),
    DATE("barcodeDate"), TEXT("contentUnit"),
    QUANTITY("contentQuantity", "contentQuantityDecimalPlaces"), TEXT("brandName"),
    TEXT("extraText"), INT("turnoverGroup"), INT("vatCode"), PERCENT("vatPercentage"),
    INT("vatCodeAlternative"), PERCENT("vatPercentageAlternative"), MONEY("averagePurchasePrice"),
    MONEY("purchasePrice"), MONEY("priceIncl"), MONEY("priceExcl"), TEXT("siUnit"), TEXT("unit"),
    QUANTITY("orderQuantityValue", "orderQuantityDecimalPlaces"), LONG("supplierRelationNumber"),
    TEXT("supplierRelationName"), TEXT("supplierArticleNumber"), BOOL("webshop"),
    INT("categoryId"), VALUES("categoryIds", "category", SOAP_INT), BOOL("stockArticle"),
    INT("articleDiscountGroupNumber"), TEXT("articleDiscountGroupName"), ENUM("specialPrice"),
    BOOL("showPreparationMethodsDirectly"), BOOL("showPreparationMethodsPerGroup"),
    QUANTITY("exchangeRateBuyPrice", "exchangeRateBuyPriceDecimalPlaces"),
    QUANTITY("exchangeRateSellPrice", "exchangeRateSellPriceDecimalPlaces"),
    INT("exchangeRateMultiplier"), LIST("customFieldList", "customField", type_custom_field),
    LIST("salesPriceList", "salesPrice", type_sales_price),
    LIST("priceGroupList", "priceGroup", type_price_group),
    LIST("linkedArticleList", "linkedArticle", type_linked_article),
    LIST("barcodeList", "barcode", type_barcode),
    LIST("relationArticleDiscountList", "relationArticleDiscount", type_article_discount),
    ENUM("askFor"), BOOL("discontinued"), TEXT("stockSiUnit"), INT("ageCheckMinimumAge"),
    TEXT("oldestBestBeforeDate"), INT("shelfLifeInDays"), INT("shelfLifeInHours"),
    DECIMAL("priceDeviationMin"), DECIMAL("priceDeviationMax"),
    BOOL("availableForInterbranchOrdering")};
TYPE(type_article, "Article");

static const struct soap_field type_sort_order_fields[] = {
    NEEDED("groupNumber", SOAP_INT), NEEDED("sortOrder", SOAP_INT)};
static TYPE(type_sort_order, "SortOrderGroup");

static const struct soap_field type_product_fields[] = {
    LONG("productNumber"), LONG("syncMarker"), TEXT("description"), TEXT("extraText"),
    LIST("articleList", "article", type_article), REPEAT_VALUES("groupNumbers", SOAP_INT),
    LIST("sortOrderGroupList", "sortOrderGroup", type_sort_order)};
TYPE(type_product, "Product");

static const struct soap_field type_get_products_request_fields[] = {
    REPEAT_VALUES("articleNumbers", SOAP_LONG), REPEAT_VALUES("groupNumbers", SOAP_INT),
    NEEDED_LIST("pluNumbers", "text", type_text), BOOL("onlyWebshop"), BOOL("onlyActive"),
    LONG("syncMarker"), INT("syncMarkerLimit"), BOOL("includeAllArticlesOfSelectedProducts"),
    REPEAT_VALUES("productNumbers", SOAP_LONG)};
static TYPE(type_get_products_request, "GetProductsRequest");

static const struct soap_field type_get_products_fields[] = {
    NEEDED_OBJECT("request", type_get_products_request)};
static TYPE(type_get_products, "getProducts");

static const struct soap_field type_get_products_response_fields[] = {
    LIST("productList", "product", type_product)};
static TYPE(type_get_products_response, "GetProductsResponse");

/* ---- operations ---- */

OPERATION(op_get_products, "getProducts", &type_get_products, &type_get_products_response, false);
