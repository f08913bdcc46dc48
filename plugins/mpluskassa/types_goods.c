/* SPDX-License-Identifier: MIT
 * The vendor's message types of the goods side as tables: products with their articles,
 * article groups, and stock. */
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
    NEEDED_QUANTITY("quantity", "decimalPlaces")};
static TYPE(type_linked_article, "LinkedArticle");

/* Never sent; read to tell that a picture is there. The data come empty, as getProducts is not
 * asked for them. */
static const struct soap_field type_image_fields[] = {NEEDED("imageId", SOAP_LONG),
                                                      NEEDED("imageName", SOAP_TEXT),
                                                      NEEDED("imageHash", SOAP_TEXT),
                                                      NEEDED("imagePath", SOAP_TEXT),
                                                      NEEDED("imageUrl", SOAP_TEXT),
                                                      NEEDED("imageData", SOAP_TEXT),
                                                      NEEDED("imageDataResult", SOAP_ENUM),
                                                      NEEDED("thumbHash", SOAP_TEXT),
                                                      NEEDED("thumbPath", SOAP_TEXT),
                                                      NEEDED("thumbUrl", SOAP_TEXT),
                                                      NEEDED("thumbData", SOAP_TEXT),
                                                      NEEDED("thumbDataResult", SOAP_ENUM),
                                                      NEEDED("imageWidth", SOAP_INT),
                                                      NEEDED("imageHeight", SOAP_INT),
                                                      NEEDED("thumbWidth", SOAP_INT),
                                                      NEEDED("thumbHeight", SOAP_INT),
                                                      NEEDED("createdTimestamp", SOAP_DATETIME),
                                                      NEEDED("changedTimestamp", SOAP_DATETIME)};
static TYPE(type_image, "Image");

bool types_only_read(const struct soap_type *type)
{
    return type == &type_image;
}

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
    INT("exchangeRateMultiplier"), LIST("imageList", "image", type_image),
    LIST("customFieldList", "customField", type_custom_field),
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
    NEEDED_LIST("productList", "product", type_product)};
static TYPE(type_get_products_response, "GetProductsResponse");

static const struct soap_field type_write_product_fields[] = {
    NEEDED_OBJECT("product", type_product)};
TYPE(type_write_product, "product");

static const struct soap_field type_create_product_response_fields[] = {
    NEEDED("result", SOAP_ENUM), LONG("productNumber"), REPEAT_VALUES("articleNumbers", SOAP_LONG),
    DATETIME("changeTimestamp"), LONG("syncMarker"), TEXT("errorMessage")};
static TYPE(type_create_product_response, "CreateProductResponse");

static const struct soap_field type_update_product_response_fields[] = {
    NEEDED("result", SOAP_ENUM), REPEAT_VALUES("existingArticleNumbers", SOAP_LONG),
    REPEAT_VALUES("newArticleNumbers", SOAP_LONG), DATETIME("changeTimestamp"),
    LONG("syncMarker"), TEXT("errorMessage")};
static TYPE(type_update_product_response, "UpdateProductResponse");

/* ---- article groups ---- */

static const struct soap_field type_article_group_fields[] = {
    NEEDED("groupNumber", SOAP_INT), LONG("syncMarker"), NEEDED("name", SOAP_TEXT),
    NEEDED("text", SOAP_TEXT), NEEDED_LIST("subGroupList", "articleGroups", type_article_group),
    NEEDED("sortOrder", SOAP_INT), BOOL("isDeleted")};
TYPE(type_article_group, "ArticleGroup");

static const struct soap_field type_changed_group_fields[] = {
    NEEDED("groupNumber", SOAP_INT), INT("parentGroupNumber"), LONG("syncMarker"),
    NEEDED("name", SOAP_TEXT), NEEDED("text", SOAP_TEXT),
    VALUES("subGroupNumbers", "number", SOAP_LONG), NEEDED("sortOrder", SOAP_INT),
    VALUES("productNumbers", "number", SOAP_LONG), BOOL("isDeleted")};
static TYPE(type_changed_group, "ChangedArticleGroup");

static const struct soap_field type_get_groups_request_fields[] = {
    LONG("syncMarker"), INT("syncMarkerLimit"), REPEAT_VALUES("groupNumbers", SOAP_INT)};
static TYPE(type_get_groups_request, "GetArticleGroupsRequest");

static const struct soap_field type_get_groups_fields[] = {
    NEEDED_OBJECT("request", type_get_groups_request)};
static TYPE(type_get_groups, "getArticleGroups");

static const struct soap_field type_get_groups_response_fields[] = {
    NEEDED_LIST("articleGroupList", "articleGroups", type_article_group)};
static TYPE(type_get_groups_response, "GetArticleGroupsResponse");

static const struct soap_field type_get_group_changes_response_fields[] = {
    NEEDED_LIST("changedArticleGroupList", "changedArticleGroups", type_changed_group)};
static TYPE(type_get_group_changes_response, "GetArticleGroupChangesResponse");

static const struct soap_field type_new_group_request_fields[] = {
    NEEDED("parentGroupNumber", SOAP_INT), NEEDED("name", SOAP_TEXT), NEEDED("text", SOAP_TEXT),
    INT("sortOrder")};
static TYPE(type_new_group_request, "NewArticleGroupRequest");

static const struct soap_field type_new_group_fields[] = {
    NEEDED_OBJECT("request", type_new_group_request)};
static TYPE(type_new_group, "newArticleGroup");

static const struct soap_field type_new_group_response_fields[] = {
    NEEDED("result", SOAP_ENUM), INT("groupNumber")};
static TYPE(type_new_group_response, "NewArticleGroupResponse");

static const struct soap_field type_update_group_request_fields[] = {
    NEEDED("groupNumber", SOAP_INT), TEXT("name"), TEXT("text"), INT("sortOrder"),
    INT("parentGroupNumber")};
static TYPE(type_update_group_request, "UpdateArticleGroupRequest");

static const struct soap_field type_update_group_fields[] = {
    NEEDED_OBJECT("request", type_update_group_request)};
static TYPE(type_update_group, "updateArticleGroup");

static const struct soap_field type_update_group_response_fields[] = {NEEDED("result", SOAP_ENUM)};
static TYPE(type_update_group_response, "UpdateArticleGroupResponse");

/* ---- stock ---- */

static const struct soap_field type_article_stock_fields[] = {
    INT("branchNumber"), NEEDED("articleNumber", SOAP_LONG), DATETIME("changeTimestamp"),
    NEEDED("stockId", SOAP_LONG), NEEDED_QUANTITY("amountFree", "decimalPlacesFree"),
    NEEDED_QUANTITY("amountReserved", "decimalPlacesReserved"),
    NEEDED_QUANTITY("amountIncoming", "decimalPlacesIncoming"),
    NEEDED("isDayStockArticle", SOAP_BOOL)};
static TYPE(type_article_stock, "ArticleStock");

static const struct soap_field type_get_stock_request_fields[] = {
    NEEDED("branchNumber", SOAP_INT),
    {"articleNumbers", SOAP_LIST, true, "articleNumbers", SOAP_LONG, NULL}, LONG("stockId"),
    VALUES("branchNumbers", "branchNumber", SOAP_INT)};
static TYPE(type_get_stock_request, "GetStockRequest");

static const struct soap_field type_get_stock_fields[] = {
    NEEDED_OBJECT("request", type_get_stock_request)};
static TYPE(type_get_stock, "getStock");

static const struct soap_field type_get_stock_response_fields[] = {
    REPEAT("articleStocks", type_article_stock)};
static TYPE(type_get_stock_response, "GetStockResponse");

static const struct soap_field type_set_stock_request_fields[] = {
    NEEDED("branchNumber", SOAP_INT), NEEDED("articleNumber", SOAP_LONG),
    NEEDED_QUANTITY("amount", "decimalPlaces"), LONG("employeeNumber"), TEXT("reference")};
static TYPE(type_set_stock_request, "SetStockRequest");

static const struct soap_field type_set_stock_fields[] = {
    NEEDED_OBJECT("request", type_set_stock_request)};
static TYPE(type_set_stock, "setStock");

static const struct soap_field type_set_stock_response_fields[] = {
    NEEDED("result", SOAP_ENUM), LONG("stockId")};
static TYPE(type_set_stock_response, "SetStockResponse");

static const struct soap_field type_correction_fields[] = {
    NEEDED("articleNumber", SOAP_LONG), NEEDED_QUANTITY("amount", "decimalPlaces")};
static TYPE(type_correction, "StockCorrection");

static const struct soap_field type_save_corrections_request_fields[] = {
    NEEDED("branchNumber", SOAP_INT), NEEDED("employeeNumber", SOAP_LONG),
    NEEDED("reference", SOAP_TEXT),
    NEEDED_LIST("stockCorrectionList", "correction", type_correction), ENUM("correctionType"),
    ENUM("correctionMode"), TEXT("reason")};
static TYPE(type_save_corrections_request, "SaveStockCorrectionsRequest");

static const struct soap_field type_save_corrections_fields[] = {
    NEEDED_OBJECT("request", type_save_corrections_request)};
static TYPE(type_save_corrections, "saveStockCorrections");

static const struct soap_field type_save_corrections_response_fields[] = {
    NEEDED("result", SOAP_ENUM), LONG("stockId"), LONG("failedArticleNumber")};
static TYPE(type_save_corrections_response, "SaveStockCorrectionsResponse");

/* ---- operations ---- */

OPERATION(op_get_products, "getProducts", &type_get_products, &type_get_products_response, false);
/* The same for who reads articles: each is a record of its own inside its product. */
const struct soap_operation op_get_articles = {"getProducts", &type_get_products,
                                               &type_get_products_response, false, &type_article};
OPERATION(op_create_product, "createProduct", &type_write_product, &type_create_product_response,
          true);
OPERATION(op_update_product, "updateProduct", &type_write_product, &type_update_product_response,
          true);
OPERATION(op_get_groups, "getArticleGroups", &type_get_groups, &type_get_groups_response, false);
OPERATION(op_get_group_changes, "getArticleGroupChanges", &type_get_groups,
          &type_get_group_changes_response, false);
OPERATION(op_new_group, "newArticleGroup", &type_new_group, &type_new_group_response, true);
OPERATION(op_update_group, "updateArticleGroup", &type_update_group, &type_update_group_response,
          true);
OPERATION(op_get_stock, "getStock", &type_get_stock, &type_get_stock_response, false);
OPERATION(op_set_stock, "setStock", &type_set_stock, &type_set_stock_response, true);
OPERATION(op_save_corrections, "saveStockCorrections", &type_save_corrections,
          &type_save_corrections_response, true);
