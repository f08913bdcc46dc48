/* SPDX-License-Identifier: MIT
 * plugins/mpluskassa/soap_write.c: every request; test_soap_schema.sh holds them against the
 * schema. */
#include "soap_fixture.h"

static const struct {
    const char *name;
    const struct soap_operation *op;
    const char *params;
} requests[] = {
    {"getApiVersion", &op_get_api_version, NULL},
    {"getOrders", &op_get_orders, "{\"request\":{\"syncMarker\":\"0\",\"syncMarkerLimit\":200}}"},
    {"getOrders-filtered", &op_get_orders,
     "{\"request\":{\"syncMarker\":\"1043\",\"syncMarkerLimit\":200,"
     "\"branchNumbers\":[\"1\",\"2\"],"
     "\"orderTypeList\":[\"ORDER-TYPE-SALES-ORDER\",\"ORDER-TYPE-TABLE-ORDER\"]}}"},
    {"getOrder", &op_get_order, "{\"orderId\":\"5be0\"}"},
    {"findOrder", &op_find_order, "{\"extOrderId\":\"WEB & 1\"}"},
    {"getRelations", &op_get_relations, "{\"request\":{\"relationNumbers\":[\"681\",\"682\"]}}"},
    {"getRelations-marker", &op_get_relations,
     "{\"request\":{\"syncMarker\":\"12\",\"syncMarkerLimit\":100}}"},
    {"getRelation", &op_get_relation, "{\"relationNumber\":\"681\"}"},
    {"findRelationV2", &op_find_relation,
     "{\"request\":{\"relation\":{\"email\":\"a@b.nl\"},\"exactMatch\":true}}"},
    {"createRelation", &op_create_relation,
     "{\"relation\":{\"name\":\"D'Or & <Co>\",\"companyName\":\"D'Or\",\"email\":\"a@b.nl\","
     "\"birthDate\":\"1980-02-29\",\"discountPercentage\":\"2.50\",\"creditLimit\":\"100.00\","
     "\"categoryIds\":[\"1\"],\"defaultVatMethod\":\"VAT-METHOD-INCLUSIVE\",\"active\":true,"
     "\"customFieldList\":[{\"fieldName\":\"kg\",\"dataType\":\"DATA-TYPE-DECIMAL\","
     "\"intValue\":\"1.15\"}],\"contactList\":[{\"name\":\"An\"}],\"cardNumbers\":[\"7\"]}}"},
    {"updateRelation", &op_update_relation,
     "{\"relation\":{\"relationNumber\":\"681\",\"extraText\":\"a\\nb\","
     "\"invoiceCredit\":\"1.5\"}}"},
    {"getProducts", &op_get_products,
     "{\"request\":{\"syncMarker\":\"1\",\"syncMarkerLimit\":200}}"},
    {"getProducts-numbers", &op_get_products, "{\"request\":{\"articleNumbers\":[\"14\",\"35\"]}}"},
    {"getProducts-plus", &op_get_products,
     "{\"request\":{\"pluNumbers\":[{\"text\":\"AB-12\"},{\"text\":\"<&>\"}],"
     "\"includeAllArticlesOfSelectedProducts\":true,\"productNumbers\":[\"70\",\"71\"]}}"},
    {"createProduct", &op_create_product,
     "{\"product\":{\"productNumber\":\"70\",\"description\":\"Mug\",\"extraText\":\"a\\nb\","
     "\"articleList\":[{\"articleNumber\":\"14\",\"extArticleId\":\"AB-12\",\"pluNumber\":\"AB-"
     "12\","
     "\"active\":\"true\",\"description\":\"Mug\",\"colour\":\"red\",\"size\":\"M\","
     "\"invoiceText\":\"Mug\",\"receiptText\":\"Mug\",\"displayText\":\"Mug\",\"barcode\":\"871\","
     "\"contentQuantity\":\"0.330\",\"brandName\":\"D'Or\",\"extraText\":\"long\","
     "\"turnoverGroup\":\"5\",\"vatCode\":2,\"purchasePrice\":\"4.10\",\"priceIncl\":\"12.505\","
     "\"priceExcl\":\"10.33\",\"unit\":\"st\",\"supplierArticleNumber\":\"S1\",\"webshop\":true,"
     "\"categoryIds\":[\"1\"],\"stockArticle\":true,\"specialPrice\":\"PRICE-NORMAL\","
     "\"customFieldList\":[{\"fieldName\":\"origin\",\"strValue\":\"NL\"}],"
     "\"barcodeList\":[{\"barcode\":\"872\",\"quantity\":\"6\"}]}],"
     "\"groupNumbers\":[\"3\",\"4\"]}}"},
    {"createProduct-empty", &op_create_product, "{\"product\":{\"description\":\"Tee\"}}"},
    {"updateProduct", &op_update_product,
     "{\"product\":{\"productNumber\":\"70\",\"articleList\":[{\"articleNumber\":\"14\","
     "\"active\":false,\"stockArticle\":false}],\"groupNumbers\":[\"3\"]}}"},
    {"getArticleGroups", &op_get_groups, "{\"request\":{}}"},
    {"getArticleGroupChanges", &op_get_group_changes,
     "{\"request\":{\"syncMarker\":\"1\",\"syncMarkerLimit\":200}}"},
    {"newArticleGroup", &op_new_group,
     "{\"request\":{\"parentGroupNumber\":\"0\",\"name\":\"Clothing\"}}"},
    {"updateArticleGroup", &op_update_group,
     "{\"request\":{\"groupNumber\":\"4\",\"text\":\"\",\"parentGroupNumber\":\"3\"}}"},
    {"getStock", &op_get_stock,
     "{\"request\":{\"branchNumber\":\"1\",\"articleNumbers\":[\"14\",\"15\"],\"stockId\":\"31\","
     "\"branchNumbers\":[\"1\",\"2\"]}}"},
    {"getStock-all", &op_get_stock, "{\"request\":{\"branchNumber\":\"1\"}}"},
    {"setStock", &op_set_stock,
     "{\"request\":{\"branchNumber\":\"1\",\"articleNumber\":\"14\",\"amount\":\"-1.250\","
     "\"employeeNumber\":\"999999\",\"reference\":\"Koppel\"}}"},
    {"saveStockCorrections", &op_save_corrections,
     "{\"request\":{\"branchNumber\":\"1\",\"employeeNumber\":\"999999\",\"reference\":\"Koppel\","
     "\"stockCorrectionList\":[{\"articleNumber\":\"14\",\"amount\":\"7\"},"
     "{\"articleNumber\":\"15\",\"amount\":\"0.123456\"}],"
     "\"correctionType\":\"CORRECTION-TYPE-COUNT\","
     "\"correctionMode\":\"STOCK-CORRECTION-MODE-ABSOLUTE\"}}"},
    {"getVatGroupList", &op_get_vat_groups, NULL},
    {"getPaymentMethods", &op_get_payment_methods, NULL},
    {"getDeliveryMethods", &op_get_delivery_methods, NULL},
    {"getBranches", &op_get_branches, NULL},
    {"getEmployees", &op_get_employees, NULL},
    {"getOrderCategories", &op_get_order_categories, NULL},
};
#define REQUESTS (sizeof requests / sizeof requests[0])

static char *request_text(size_t i, char why[SOAP_WHY_BYTES])
{
    json_t *params = requests[i].params != NULL ? json_loads(requests[i].params, 0, NULL) : NULL;
    size_t bytes = 0;
    char *xml = soap_write(requests[i].op, params, &bytes, why);

    json_decref(params);
    return xml;
}

START_TEST(writes_requests)
{
    char why[SOAP_WHY_BYTES] = "", *xml = request_text((size_t)_i, why);

    ck_assert_msg(xml != NULL, "%s: %s", requests[_i].name, why);
    free(xml);
}
END_TEST

static int print_request(const char *name)
{
    char why[SOAP_WHY_BYTES] = "";
    size_t i;

    for (i = 0; i < REQUESTS; i++) {
        char *xml;

        if (strcmp(requests[i].name, name) != 0)
            continue;
        xml = request_text(i, why);
        fputs(xml != NULL ? xml : why, xml != NULL ? stdout : stderr);
        free(xml);
        return xml != NULL ? 0 : 1;
    }
    return 2;
}

static void add_tests(TCase *t)
{
    LOOP(writes_requests, requests);
}

int main(int argc, char **argv)
{
    size_t i;

    if (argc == 3 && strcmp(argv[1], "--print") == 0)
        return print_request(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--names") == 0) {
        for (i = 0; i < REQUESTS; i++)
            puts(requests[i].name);
        return 0;
    }
    return unit_run("soap requests", add_tests);
}
