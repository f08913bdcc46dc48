/* SPDX-License-Identifier: MIT
 * The Asperion connector against descriptions of the service. */
#include "asperion_host.h"

/* ---- verification ---- */

static json_t *schema_of(json_t *fields, bool all);

static json_t *schema_of_field(const json_t *field, bool all)
{
    const char *type = koppel_get_text(field, "type", "text");
    if (strcmp(type, "list") == 0)
        return json_pack("{s:s,s:{s:{s:s,s:o}}}", "type", "object", "properties", "_data", "type",
                         "array", "items", schema_of(json_object_get(field, "fields"), all));
    if (strcmp(type, "decimal") == 0)
        return json_pack("{s:s}", "type", "number");
    if (strcmp(type, "integer") == 0 || strcmp(type, "boolean") == 0)
        return json_pack("{s:s}", "type", type);
    return json_pack("{s:s}", "type", "string");
}

static json_t *schema_of(json_t *fields, bool all)
{
    size_t i;
    json_t *field, *properties = json_object();
    json_array_foreach(fields, i, field) {
        if (all || !koppel_get_bool(field, "read_only", 0))
            json_object_set_new(properties, koppel_get_text(field, "name", ""),
                                schema_of_field(field, all));
    }
    return json_pack("{s:s,s:o}", "type", "object", "properties", properties);
}

static json_t *query(const char *name)
{
    return json_pack("{s:s,s:s}", "in", "query", "name", name);
}

/* A description that agrees with the catalogue of one entity; its path in other letters. */
static json_t *describe(const char *entity, const char *path, bool swagger2)
{
    static const char *const more[] = {"page", "PageSize", "BookYear", "ActiveState"};
    char one[128];
    size_t i;
    json_t *name, *entry = records_entity(&books, entity), *queries = json_array();
    json_t *fields = json_object_get(entry, "fields");
    for (i = 0; i < 4; i++)
        json_array_append_new(queries, query(more[i]));
    json_array_foreach(json_object_get(entry, "find"), i, name)
        json_array_append_new(queries, query(json_string_value(name)));
    json_t *list =
        json_pack("{s:{s:{s:s,s:{s:s}}}}", "properties", "_data", "type", "array", "items", "$ref",
                  swagger2 ? "#/definitions/Row" : "#/components/schemas/Row");
    json_t *schemas = json_pack("{s:o,s:o,s:o}", "Row", schema_of(fields, true), "Body",
                                schema_of(fields, false), "List", list);
    const char *body_ref = swagger2 ? "#/definitions/Body" : "#/components/schemas/Body";
    const char *list_ref = swagger2 ? "#/definitions/List" : "#/components/schemas/List";
    json_t *get, *post;
    if (swagger2) {
        get = json_pack("{s:o,s:{s:{s:{s:s}}}}", "parameters", queries, "responses", "200",
                        "schema", "$ref", list_ref);
        post = json_pack("{s:[{s:s,s:s,s:{s:s}},o]}", "parameters", "in", "body", "name", "body",
                         "schema", "$ref", body_ref, query("validateOnly"));
    } else {
        get = json_pack("{s:o,s:{s:{s:{s:{s:{s:s}}}}}}", "parameters", queries, "responses", "200",
                        "content", "application/json", "schema", "$ref", list_ref);
        post = json_pack("{s:{s:{s:{s:{s:s}}}},s:[o]}", "requestBody", "content", "text/json",
                         "schema", "$ref", body_ref, "parameters", query("validateOnly"));
    }
    snprintf(one, sizeof one, "%s/{key}", path);
    json_t *paths =
        json_pack("{s:{s:o,s:o},s:{s:O}}", path, "get", get, "post", post, one, "put", post);
    static const char *const lists[] = {"journals",           "ledger-accounts", "vat-codes",
                                        "payment-conditions", "payment-methods", "debtor-kinds",
                                        "sales-types",        "cost-centres",    "cost-units"};
    for (i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        snprintf(one, sizeof one, "/v1/%s/", choices_path(&books, lists[i]));
        json_object_set_new(paths, one, json_pack("{s:{}}", "get"));
    }
    return swagger2
               ? json_pack("{s:s,s:o,s:o}", "basePath", "/", "paths", paths, "definitions", schemas)
               : json_pack("{s:o,s:{s:o}}", "paths", paths, "components", "schemas", schemas);
}

static const char *path_of(const char *entity)
{
    return strcmp(entity, "debtor") == 0          ? "/v1/Debtors"
           : strcmp(entity, "sales-invoice") == 0 ? "/v1/SalesInvoicesWithLines/"
           : strcmp(entity, "sales-order") == 0   ? "/v{version}/salesOrderWithLines"
           : strcmp(entity, "article") == 0 || strcmp(entity, "stock") == 0
               ? "/v1/articles"
               : "/V1/journalEntriesWithLines";
}

/* Verifies against the document; releases it. What differs is then in told. */
static void verify(const char *entity, json_t *doc)
{
    char *text = json_dumps(doc, 0);
    ck_assert_ptr_nonnull(text);
    size_t bytes = strlen(text) + 5;
    char *answer = malloc(bytes);
    snprintf(answer, bytes, "200 %s", text);
    answers[0] = answer;
    answers[1] = NULL;
    answer_at = 0;
    told[0] = '\0';
    json_decref(books.description);
    books.description = NULL;
    ck_assert_msg(verify_entity(&books, entity, NULL, err) == 0, "%s", failure);
    free(answer);
    free(text);
    json_decref(doc);
}

START_TEST(test_verify_agrees)
{
    const char *entity = entity_names[_i / 2];
    verify(entity, describe(entity, path_of(entity), _i % 2));
    ck_assert_str_eq(told, "");
    ck_assert_str_eq(asked, "GET /swagger/v1/swagger.json\n");
}
END_TEST

/* Deep inside an object, by names; numbers are places in a list. */
static json_t *inside(json_t *from, ...)
{
    va_list names;
    va_start(names, from);
    for (const char *name; from && (name = va_arg(names, const char *));)
        from = json_is_array(from) ? json_array_get(from, (size_t)strtol(name, NULL, 10))
                                   : json_object_get(from, name);
    va_end(names);
    ck_assert_ptr_nonnull(from);
    return from;
}

static json_t *article_properties(json_t *doc, const char *schema)
{
    return inside(doc, "components", "schemas", schema, "properties", NULL);
}

START_TEST(test_verify_fields)
{
    json_t *doc = describe("article", "/v1/articles", false);
    json_t *body = article_properties(doc, "Body"), *row = article_properties(doc, "Row");
    json_object_set_new(body, "color", json_incref(json_object_get(body, "colour")));
    json_object_del(body, "colour");
    json_object_set_new(body, "salesPrice", json_pack("{s:s}", "type", "integer"));
    json_object_set_new(row, "active", json_pack("{s:s}", "type", "string"));
    json_object_del(row, "currentStock");
    json_object_set_new(inside(doc, "components", "schemas", "Body", NULL), "required",
                        json_pack("[s,s]", "description", "vatGroup"));
    verify("article", doc);
    ck_assert_str_eq(told, "active: GET /v1/articles has \"active\" as string, here it is boolean\n"
                           "currentStock: GET /v1/articles has no \"currentStock\"\n"
                           "colour: POST /v1/articles, PUT /v1/articles/{id} has no \"colour\"; "
                           "the nearest is \"color\"\n"
                           "salesPrice: POST /v1/articles, PUT /v1/articles/{id} has "
                           "\"salesPrice\" as integer, here it is number\n"
                           "vatGroup: POST /v1/articles, PUT /v1/articles/{id} requires it, and "
                           "the catalogue does not have it\n");
}
END_TEST

START_TEST(test_verify_lines)
{
    json_t *doc = describe("sales-order", "/v1/SalesOrderWithLines", false);
    json_t *body = article_properties(doc, "Body");
    json_object_del(inside(body, "lines", "properties", "_data", "items", "properties", NULL),
                    "articleId");
    json_object_set_new(article_properties(doc, "Row"), "lines",
                        json_pack("{s:s}", "type", "string"));
    verify("sales-order", doc);
    ck_assert_str_eq(told, "lines: GET /v1/SalesOrderWithLines has \"lines\" as string, here it is "
                           "a collection with _data\n"
                           "lines[].articleId: POST /v1/SalesOrderWithLines, PUT "
                           "/v1/SalesOrderWithLines/{id} has no \"articleId\"\n");
    doc = describe("sales-order", "/v1/SalesOrderWithLines", false);
    body = inside(article_properties(doc, "Body"), "lines", "properties", NULL);
    json_object_set_new(body, "items", json_incref(json_object_get(body, "_data")));
    json_object_del(body, "_data");
    verify("sales-order", doc);
    ck_assert_str_eq(
        told, "lines: POST /v1/SalesOrderWithLines, PUT /v1/SalesOrderWithLines/{id} has no _data "
              "in \"lines\"\n");
}
END_TEST

START_TEST(test_verify_operations)
{
    json_t *doc = describe("sales-order", "/v1/salesorderswithlines", false);
    json_object_del(json_object_get(doc, "paths"), "/v1/debtorkinds/");
    verify("sales-order", doc);
    ck_assert_str_eq(
        told, "/v1/SalesOrderWithLines: is not there; the nearest is /v1/salesorderswithlines\n");
    doc = describe("debtor", "/v1/debtors", false);
    json_object_del(json_object_get(doc, "paths"), "/v1/debtorkinds/");
    json_object_del(json_object_get(doc, "paths"), "/v1/debtors/{key}");
    json_array_clear(inside(doc, "paths", "/v1/debtors", "get", "parameters", NULL));
    verify("debtor", doc);
    ck_assert_ptr_nonnull(strstr(told, "PUT /v1/debtors/{id}: is not there\n"));
    ck_assert_ptr_nonnull(
        strstr(told, "debtorKindId: /v1/debtorkinds is not there, and has the list debtor-kinds"));
    ck_assert_ptr_nonnull(
        strstr(told, "emailAddress: GET /v1/debtors has no parameter EmailAddress: "));
    ck_assert_ptr_nonnull(strstr(told, "page: GET /v1/debtors has no parameter page\n"));
}
END_TEST

START_TEST(test_verify_active_state)
{
    json_t *doc = describe("article", "/v1/articles", false);
    json_t *p = inside(doc, "paths", "/v1/articles", "get", "parameters", "3", NULL);
    ck_assert_str_eq(koppel_get_text(p, "name", ""), "ActiveState");
    json_object_set_new(p, "schema", json_pack("{s:[s,s]}", "enum", "OnlyActive", "Everything"));
    verify("article", doc);
    ck_assert_str_eq(told,
                     "ActiveState: GET /v1/articles does not take \"All\" for ActiveState: set "
                     "active_state_all to one of OnlyActive, Everything\n");
}
END_TEST

START_TEST(test_verify_nothing_there)
{
    answers[0] = "404 ";
    ck_assert_int_eq(verify_entity(&books, "article", NULL, err), -1);
    ck_assert_msg(strstr(failure, "check swagger_path") != NULL, "%s", failure);
    answers[0] = "200 {\"title\":\"no description\"}";
    ck_assert_int_eq(verify_entity(&books, "article", NULL, err), -1);
    ck_assert_msg(strstr(failure, "no Swagger") != NULL, "%s", failure);
}
END_TEST

/* References that go round, and allOf that holds itself, come to an end. */
START_TEST(test_verify_endless)
{
    verify("debtor",
           json_loads("{\"paths\":{\"/v1/debtors\":{\"post\":{\"requestBody\":{\"$ref\":\"#/a\"}},"
                      "\"get\":{\"responses\":{\"200\":{\"schema\":{\"$ref\":\"#/"
                      "b\"}}}}}},\"a\":{\"$ref\":\"#/a\"},"
                      "\"b\":{\"allOf\":[{\"$ref\":\"#/b\"},{\"$ref\":\"#/b\"},{\"$ref\":\"#/"
                      "b\"},{\"$ref\":\"#/b\"}]}}",
                      0, NULL));
    ck_assert_ptr_nonnull(strstr(told, "POST /v1/debtors: takes no JSON"));
    ck_assert_ptr_nonnull(strstr(told, "GET /v1/debtors: does not describe its rows"));
}
END_TEST

UNIT_MAIN("asperion_verify")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, test_verify_agrees, 0, 2 * ENTITIES);
    tcase_add_test(t, test_verify_fields);
    tcase_add_test(t, test_verify_lines);
    tcase_add_test(t, test_verify_operations);
    tcase_add_test(t, test_verify_active_state);
    tcase_add_test(t, test_verify_nothing_there);
    tcase_add_test(t, test_verify_endless);
}
