/* SPDX-License-Identifier: MIT
 * The Asperion connector against answers from a script: what it asks, sends and reports. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/asperion/asperion_catalogue.h"
#include "plugins/asperion/entities.h"
#include "plugins/asperion/records.h"
#include "unit.h"

#include <check.h> /* behind the host's table, as its fail() is a macro */

#define STEPS_MAX 16
#define LOG_BYTES 8192

/* ---- a host with a script ---- */

static const char *answers[STEPS_MAX]; /* "201 {...}"; the last one is repeated for ever */
static int answer_at;
static char asked[LOG_BYTES];   /* "GET url?a=b&c=d\n", then the body where there is one */
static char told[LOG_BYTES];    /* results, rows and records, a line each */
static char failure[2048], reason[64];
static int failure_kind;
static json_t *effective;       /* the catalogue */

static void add_text(char *to, const char *format, ...)
{
    va_list args;
    size_t used = strlen(to);
    va_start(args, format);
    int n = vsnprintf(to + used, LOG_BYTES - used, format, args);
    va_end(args);
    ck_assert_int_lt(n, (int)(LOG_BYTES - used));
}

static void add_json(char *to, const char *before, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    add_text(to, "%s%s\n", before, value ? text : "");
    free(text);
}

static int host_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    va_list args;
    (void)err;
    va_start(args, format);
    vsnprintf(failure, sizeof failure, format, args);
    va_end(args);
    failure_kind = kind;
    return -1;
}

static int host_reason(struct koppel_error *err, const char *code)
{
    (void)err;
    snprintf(reason, sizeof reason, "%s", code);
    return -1;
}

static const char *host_setting(struct koppel_context *ctx, const char *name)
{
    size_t i;
    json_t *setting;
    (void)ctx;
    json_array_foreach(json_object_get(effective, "settings"), i, setting) {
        if (strcmp(koppel_get_text(setting, "name", ""), name) == 0)
            return koppel_get_text(setting, "default", NULL);
    }
    return NULL;
}

static json_t *host_catalogue(struct koppel_context *ctx)
{
    (void)ctx;
    return effective;
}

static int64_t host_now(struct koppel_context *ctx)
{
    (void)ctx;
    return INT64_C(1767225600000); /* the first second of 2026 */
}

static int host_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                     struct koppel_http_response *out, struct koppel_error *err)
{
    (void)ctx;
    (void)err;
    const char *answer = answers[answer_at];
    ck_assert_ptr_nonnull(answer);
    if (answer_at + 1 < STEPS_MAX && answers[answer_at + 1])
        answer_at++;
    add_text(asked, "%s %s", request->method, strstr(request->url, "example") + strlen("example"));
    for (uint32_t i = 0; i < request->query_count; i++)
        add_text(asked, "%c%s=%s", i ? '&' : '?', request->query[i].name, request->query[i].value);
    add_text(asked, "\n");
    if (request->body)
        add_text(asked, "%s\n", request->body);
    out->status = (uint32_t)strtol(answer, NULL, 10);
    out->body = answer + 3 + strspn(answer + 3, " ");
    out->body_bytes = strlen(out->body);
    return 0;
}

static void host_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    (void)ctx;
    (void)response;
}

static int host_emit(struct koppel_batch *out, const char *key, int64_t version, json_t *record,
                     struct koppel_error *err)
{
    (void)out;
    (void)version;
    (void)err;
    add_text(told, "%s ", key);
    add_json(told, "", record);
    json_decref(record);
    return 0;
}

static int host_batch_end(struct koppel_batch *out, const char *cursor, int more,
                          struct koppel_error *err)
{
    (void)out;
    (void)cursor;
    (void)err;
    add_text(told, more ? "more\n" : "end\n");
    return 0;
}

static int host_result(struct koppel_results *out, uint32_t index, const char *id, json_t *record,
                       struct koppel_error *err)
{
    (void)out;
    (void)err;
    add_text(told, "%u %s ", index, id);
    add_json(told, "", record);
    json_decref(record);
    return 0;
}

static int host_row(struct koppel_list *out, const char *value, const char *title,
                    struct koppel_error *err)
{
    (void)out;
    (void)err;
    add_text(told, "%s: %s\n", value, title);
    return 0;
}

static const struct koppel_host host = {
    .struct_size = sizeof host, .fail = host_fail, .setting = host_setting,
    .catalogue = host_catalogue, .now_ms = host_now, .http = host_http,
    .http_done = host_http_done, .emit = host_emit, .batch_end = host_batch_end,
    .result_found = host_result, .result_done = host_result, .row = host_row,
    .reason = host_reason,
};

static struct asperion books;
static struct koppel_error *const err = NULL; /* opaque here; host_fail keeps what it holds */

static void begin(void)
{
    effective = json_loads(catalogue_text, 0, NULL);
    ck_assert_ptr_nonnull(effective);
    books = (struct asperion){.host = &host, .base = (char *)"https://books.example/v1/",
                              .tenant = "42", .tenant_header = "X-Tenant-Id", .language = "nl",
                              .active_state_all = "All", .page_size_text = "100", .page_size = 100,
                              .tenant_seen = true};
    asked[0] = told[0] = failure[0] = reason[0] = '\0';
    failure_kind = answer_at = 0;
    memset(answers, 0, sizeof answers);
}

static void end(void)
{
    orders_forget(&books);
    json_decref(books.description);
    json_decref(effective);
}

#define ROWS(rows)                                                                                 \
    "200 {\"_data\":[" rows "],\"_meta\":{\"administrationId\":42,\"nextPage\":null}}"
#define NONE ROWS("")

static int find(const char *entity, const char *match, const char *key, json_t *about)
{
    json_t *const records[] = {about};
    struct koppel_find_request request = KOPPEL_INIT(request);
    request.entity = entity;
    request.match = match;
    request.keys = &key;
    request.count = 1;
    request.records = about ? records : NULL;
    return entities_find(&books, &request, NULL, err);
}

static int write_text(uint32_t verb, const char *entity, const char *id, const char *record)
{
    struct koppel_write_item item = KOPPEL_INIT(item);
    const struct koppel_write_item *const items[] = {&item};
    struct koppel_write_request request = KOPPEL_INIT(request);
    item.job = "job";
    item.id = id;
    item.record = json_loads(record, 0, NULL);
    ck_assert_msg(item.record != NULL, "%s", record);
    request.verb = verb;
    request.entity = entity;
    request.items = items;
    request.count = 1;
    int rc = entities_write(&books, &request, NULL, err);
    json_decref(item.record);
    return rc;
}

/* ---- records ---- */

static json_t *sample_value(const json_t *field, bool wire);

/* A record, or the row of it, with every field that can be written. */
static json_t *sample(json_t *fields, bool wire)
{
    size_t i;
    json_t *field, *out = json_object();
    json_array_foreach(fields, i, field) {
        const char *name = koppel_get_text(field, "name", "");
        if (!koppel_get_bool(field, "read_only", 0))
            json_object_set_new(out, wire ? koppel_get_text(field, "wire", name) : name,
                                sample_value(field, wire));
    }
    return out;
}

static json_t *sample_value(const json_t *field, bool wire)
{
    const char *type = koppel_get_text(field, "type", "text");
    if (strcmp(type, "decimal") == 0)
        return wire ? json_real(-19.99) : json_string("-19.99");
    if (strcmp(type, "integer") == 0)
        return wire ? json_integer(7) : json_string("7");
    if (strcmp(type, "boolean") == 0)
        return json_true();
    if (strcmp(type, "date") == 0)
        return json_string(wire ? "2026-02-03T00:00:00" : "2026-02-03");
    if (strcmp(type, "time") == 0)
        return json_string("2026-02-03T04:05:06");
    if (strcmp(type, "list") != 0)
        return json_sprintf("text of %s", koppel_get_text(field, "name", ""));
    json_t *one = sample(json_object_get(field, "fields"), wire);
    return wire ? json_pack("{s:[o]}", "_data", one) : json_pack("[o]", one);
}

static const char *const entity_names[] = {"debtor", "article", "stock", "sales-invoice",
                                           "sales-order", "financial-mutation", "journal-entry"};

START_TEST(test_round_trip)
{
    json_t *fields = records_fields(&books, entity_names[_i]);
    ck_assert_msg(json_array_size(fields) > 2, "%s", entity_names[_i]);
    json_t *record = sample(fields, false), *row = sample(fields, true);
    json_t *sent = records_write(&books, fields, record, err);
    ck_assert_msg(sent != NULL, "%s: %s", entity_names[_i], failure);
    char *is = json_dumps(sent, JSON_SORT_KEYS), *should = json_dumps(row, JSON_SORT_KEYS);
    ck_assert_str_eq(is, should);
    json_t *again = records_read(fields, sent);
    ck_assert(json_equal(again, record));
    free(is);
    free(should);
    json_decref(again);
    json_decref(sent);
    json_decref(row);
    json_decref(record);
}
END_TEST

START_TEST(test_no_reference)
{
    json_t *row = json_loads(
        "{\"id\":5,\"_meta\":{},\"state\":0,\"lines\":{\"_data\":[{\"id\":0,\"amount\":-1.5,"
        "\"debtorId\":0,\"ledgerAccountId\":8000,\"description\":null}]}}",
        0, NULL);
    json_t *record = records_read(records_fields(&books, "financial-mutation"), row);
    add_json(told, "", record);
    ck_assert_str_eq(told, "{\"id\":\"5\",\"lines\":[{\"amount\":\"-1.5\",\"id\":\"0\","
                           "\"ledgerAccountId\":\"8000\"}],\"state\":\"0\"}\n");
    json_decref(record);
    json_decref(row);
}
END_TEST

/* ---- finding ---- */

START_TEST(test_find_year_of_record)
{
    json_t *about = json_pack("{s:s}", "date", "2024-12-31T00:00:00");
    answers[0] = ROWS(
        "{\"id\":1,\"sourceDocumentNumber\":\"W-10\"},"
        "{\"id\":2,\"date\":\"2024-12-31T00:00:00\",\"sourceDocumentNumber\":\"W-1\","
        "\"lines\":{\"_data\":[{\"amount\":5,\"vatAmount\":0.0,\"vatCode\":\"\",\"costCenterId\":0,"
        "\"bookingDate\":\"2024-12-31\"}]}}");
    ck_assert_int_eq(find("financial-mutation", "sourceDocumentNumber", " W-1 ", about), 0);
    ck_assert_str_eq(asked,
                     "GET /v1/journalentrieswithlines?SourceDocumentNumber=W-1&"
                     "SourceDocumentNumber_comparison=Equals&BookYear=2024&page=1&pageSize=100\n");
    ck_assert_str_eq(told,
                     "0 2 {\"date\":\"2024-12-31\",\"id\":\"2\",\"lines\":[{\"amount\":\"5\"}],"
                     "\"sourceDocumentNumber\":\"W-1\"}\n");
    json_decref(about);
}
END_TEST

START_TEST(test_find_three_years)
{
    answers[0] = NONE;
    ck_assert_int_eq(find("journal-entry", "sourceDocumentNumber", "D-1", NULL), 0);
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2026"));
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2025"));
    ck_assert_ptr_nonnull(strstr(asked, "BookYear=2024"));
    ck_assert_ptr_null(strstr(asked, "BookYear=2023"));
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(test_find_article)
{
    answers[0] = ROWS("{\"id\":3,\"articleNumber\":\"A-1\",\"active\":false}");
    ck_assert_int_eq(find("article", "articleNumber", "A-1", NULL), 0);
    ck_assert_ptr_nonnull(strstr(asked, "ActiveState=All"));
    ck_assert_str_eq(told, "0 3 {\"active\":false,\"articleNumber\":\"A-1\",\"id\":\"3\"}\n");
}
END_TEST

/* ---- writing ---- */

START_TEST(test_create_answered_empty)
{
    answers[0] = "201 ";
    answers[1] = ROWS("{\"id\":9,\"customerNumber\":\"10\",\"emailAddress\":\"a@x.nl\"}");
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL,
                                "{\"name\":\"N\",\"emailAddress\":\"a@x.nl\"}"), 0);
    ck_assert_str_eq(told,
                     "0 9 {\"customerNumber\":\"10\",\"emailAddress\":\"a@x.nl\",\"id\":\"9\"}\n");
}
END_TEST

START_TEST(test_create_mutation)
{
    answers[0] =
        "201 {\"id\":77,\"sourceDocumentNumber\":\"W-1\",\"_meta\":{\"administrationId\":42}}";
    ck_assert_int_eq(
        write_text(
            KOPPEL_VERB_CREATE, "financial-mutation", NULL,
            "{\"date\":\"2026-03-02\",\"journalId\":\"90\",\"sourceDocumentNumber\":\"W-1\","
            "\"lines\":["
            "{\"amount\":\"121.00\",\"debtorId\":\"311\"},{\"amount\":\"0.00\",\"ledgerAccountId\":"
            "\"8010\"},"
            "{\"amount\":\"-121.00\",\"ledgerAccountId\":\"8000\",\"costCenterId\":\"4\"}]}"),
        0);
    ck_assert_str_eq(asked,
        "POST /v1/journalentrieswithlines\n"
        "{\"date\":\"2026-03-02T00:00:00\",\"journalId\":\"90\",\"sourceDocumentNumber\":\"W-1\","
        "\"lines\":{\"_data\":[{\"amount\":121.0,\"debtorId\":311,\"vatAmount\":0,\"vatCode\":\"\","
        "\"costCenterId\":0,\"bookingDate\":\"2026-03-02T00:00:00\"},{\"amount\":-121.0,"
        "\"ledgerAccountId\":8000,\"costCenterId\":4,\"vatAmount\":0,\"vatCode\":\"\","
        "\"bookingDate\":\"2026-03-02T00:00:00\"}]},\"bookyear\":2026,\"bookperiod\":3}\n");
    ck_assert_str_eq(told, "0 77 {\"id\":\"77\",\"sourceDocumentNumber\":\"W-1\"}\n");
}
END_TEST

START_TEST(test_create_mutation_of_zero)
{
    answers[0] = "201 {\"id\":1}";
    ck_assert_int_eq(
        write_text(KOPPEL_VERB_CREATE, "financial-mutation", NULL,
                   "{\"date\":\"2026-03-02\",\"lines\":[{\"amount\":\"-0.00\",\"debtorId\":\"3\"},"
                   "{\"amount\":\"0\",\"ledgerAccountId\":\"8000\"},{\"amount\":\"0\"}]}"),
        0);
    ck_assert_ptr_nonnull(strstr(asked, "[{\"amount\":0.0,\"debtorId\":3,"));
    ck_assert_ptr_null(strstr(strstr(asked, "8000"), "\"amount\""));
    ck_assert_ptr_nonnull(strstr(asked, "\"debtorId\":3"));
    ck_assert_ptr_nonnull(strstr(asked, "\"ledgerAccountId\":8000"));
}
END_TEST

#define CONCEPT                                                                                    \
    "{\"id\":6,\"status\":1,\"description\":\"W-1\",\"date\":\"2026-03-02\",\"bookyear\":2026,"    \
    "\"bookperiod\":3,\"amountExclVat\":10,\"lines\":{\"_data\":[{\"id\":1,\"amount\":10,"         \
    "\"ledgerAccountId\":8000,\"costCenterId\":0,\"_meta\":{}}],\"_meta\":{\"totalCount\":1}}}"
#define SAME                                                                                       \
    "{\"date\":\"2026-03-02T00:00:00\",\"description\":\"W-1\",\"amountExclVat\":\"10.00\","       \
    "\"lines\":[{\"amount\":\"10.00\",\"ledgerAccountId\":\"8000\"}]}"

START_TEST(test_update_same)
{
    answers[0] = ROWS(CONCEPT);
    ck_assert_msg(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6", SAME) == 0, "%s", failure);
    ck_assert_ptr_null(strstr(asked, "PUT"));
    ck_assert_str_eq(told, "0 6 \n");
}
END_TEST

START_TEST(test_update_concept)
{
    answers[0] = ROWS(CONCEPT);
    answers[1] = "204 ";
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6",
                                "{\"amountExclVat\":\"12.00\",\"lines\":[{\"amount\":\"12.00\","
                                "\"ledgerAccountId\":\"8000\"}]}"),
                     0);
    const char *put = strstr(asked, "PUT /v1/salesinvoiceswithlines/6\n");
    ck_assert_msg(put != NULL, "%s", asked);
    ck_assert_ptr_null(strstr(put, "\"id\""));
    ck_assert_ptr_null(strstr(put, "status"));
    ck_assert_ptr_nonnull(strstr(put, "\"description\":\"W-1\""));
    ck_assert_ptr_nonnull(
        strstr(put, "\"lines\":{\"_data\":[{\"amount\":12.0,\"ledgerAccountId\":8000}]}"));
}
END_TEST

START_TEST(test_update_locked)
{
    answers[0] = ROWS("{\"id\":6,\"status\":3,\"description\":\"W-1\"}");
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "sales-invoice", "6", SAME), -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(reason, "locked");
    ck_assert_ptr_nonnull(strstr(failure, "its status is 3"));
    ck_assert_ptr_null(strstr(asked, "PUT"));
}
END_TEST

START_TEST(test_no_package)
{
    answers[0] = "403 {\"title\":\"Forbidden\"}";
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "sales-order", NULL, "{\"reference\":\"W-1\"}"),
                     -1);
    ck_assert_int_eq(failure_kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(failure, "inTrade") != NULL, "%s", failure);
    ck_assert_int_eq(write_text(KOPPEL_VERB_CREATE, "debtor", NULL, "{\"name\":\"N\"}"), -1);
    ck_assert_ptr_null(strstr(failure, "inTrade"));
}
END_TEST

START_TEST(test_wrong_path)
{
    answers[0] = "404 ";
    ck_assert_int_eq(find("sales-order", "reference", "W-1", NULL), -1);
    ck_assert_msg(strstr(failure, "check sales_order_path") != NULL, "%s", failure);
    ck_assert_int_eq(find("article", "articleNumber", "1", NULL), -1);
    ck_assert_msg(strstr(failure, "overlay") != NULL, "%s", failure);
}
END_TEST

/* ---- reading ---- */

static int looks_at(const char *path)
{
    int count = 0;
    for (const char *at = asked; (at = strstr(at, path)); at++)
        count++;
    return count;
}

START_TEST(test_orders_with_parties)
{
    struct koppel_read_request request = KOPPEL_INIT(request);
    request.entity = "sales-order";
    request.limit = 100;
    answers[0] = ROWS(
        "{\"id\":1,\"debtorCustomerNumber\":\"10\",\"lines\":{\"_data\":[{\"articleId\":7},{}]}},"
        "{\"id\":2,\"debtorCustomerNumber\":\"10\"},"
        "{\"id\":3,\"debtorCustomerNumber\":\"11\",\"lines\":{\"_data\":[{\"articleId\":7}]}},"
        "{\"id\":4}");
    answers[1] = ROWS("{\"id\":5,\"customerNumber\":\"10\",\"name\":\"N\"}");
    answers[2] = ROWS("{\"id\":7,\"articleNumber\":\"A\",\"salesTypeId\":2,\"currentStock\":4}");
    answers[3] = NONE;
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
#define DEBTOR                                                                                     \
    "\"debtor\":{\"customerNumber\":\"10\",\"id\":\"5\",\"name\":\"N\"},\"debtorCustomerNumber\":" \
    "\"10\""
#define ARTICLE "{\"article\":{\"articleNumber\":\"A\",\"salesTypeId\":\"2\"},\"articleId\":\"7\"}"
    ck_assert_str_eq(told,
                     "1 {" DEBTOR ",\"id\":\"1\",\"lines\":[" ARTICLE ",{}]}\n"
                     "2 {" DEBTOR ",\"id\":\"2\"}\n"
                     "3 {\"debtorCustomerNumber\":\"11\",\"id\":\"3\",\"lines\":[" ARTICLE "]}\n"
                     "4 {\"id\":\"4\"}\nend\n");
    ck_assert_int_eq(looks_at("/v1/debtors?"), 2);
    ck_assert_int_eq(looks_at("/v1/articles?"), 1);
    /* The next page knows them, until they are too old. */
    answer_at = 0;
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
    ck_assert_int_eq(looks_at("/v1/debtors?"), 2);
    books.kept_since -= 3600 * 1000;
    answer_at = 0;
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
    ck_assert_int_eq(looks_at("/v1/debtors?"), 4);
}
END_TEST

START_TEST(test_stock_by_location)
{
    struct koppel_read_request request = KOPPEL_INIT(request);
    request.entity = "stock";
    request.limit = 100;
    answers[0] = ROWS("{\"id\":1,\"currentStock\":1.250,\"locations\":{\"_data\":[{\"location\":"
                      "\"A\",\"stock\":3}]}}");
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
    ck_assert_str_eq(told, "1 {\"currentStock\":\"1.25\",\"id\":\"1\"}\nend\n");
    told[0] = '\0';
    request.options = json_pack("{s:b}", "locations", 1);
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
    ck_assert_str_eq(told, "1 "
                           "{\"currentStock\":\"1.25\",\"id\":\"1\",\"locations\":[{\"location\":"
                           "\"A\",\"stock\":\"3\"}]}\n"
                           "end\n");
    json_decref(request.options);
}
END_TEST

START_TEST(test_article_without_stock)
{
    struct koppel_read_request request = KOPPEL_INIT(request);
    request.entity = "article";
    request.limit = 100;
    answers[0] =
        ROWS("{\"id\":1,\"articleNumber\":\"A\",\"currentStock\":1,\"reserved\":2,\"onOrder\":0,"
             "\"backOrder\":0,\"locations\":{\"_data\":[]}}");
    ck_assert_int_eq(entities_read(&books, &request, NULL, err), 0);
    ck_assert_str_eq(told, "1 {\"articleNumber\":\"A\",\"id\":\"1\"}\nend\n");
    /* Nor are they sent back with a change. */
    asked[0] = '\0';
    answers[1] = "204 ";
    ck_assert_int_eq(write_text(KOPPEL_VERB_UPDATE, "article", "1", "{\"active\":\"false\"}"), 0);
    ck_assert_ptr_nonnull(
        strstr(asked, "PUT /v1/articles/1\n{\"articleNumber\":\"A\",\"active\":false}\n"));
}
END_TEST

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

UNIT_MAIN("asperion")
{
    int entities = (int)(sizeof entity_names / sizeof entity_names[0]);
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, test_round_trip, 0, entities);
    tcase_add_test(t, test_no_reference);
    tcase_add_test(t, test_find_year_of_record);
    tcase_add_test(t, test_find_three_years);
    tcase_add_test(t, test_find_article);
    tcase_add_test(t, test_create_answered_empty);
    tcase_add_test(t, test_create_mutation);
    tcase_add_test(t, test_create_mutation_of_zero);
    tcase_add_test(t, test_update_same);
    tcase_add_test(t, test_update_concept);
    tcase_add_test(t, test_update_locked);
    tcase_add_test(t, test_no_package);
    tcase_add_test(t, test_wrong_path);
    tcase_add_test(t, test_orders_with_parties);
    tcase_add_test(t, test_stock_by_location);
    tcase_add_test(t, test_article_without_stock);
    tcase_add_loop_test(t, test_verify_agrees, 0, 2 * entities);
    tcase_add_test(t, test_verify_fields);
    tcase_add_test(t, test_verify_lines);
    tcase_add_test(t, test_verify_operations);
    tcase_add_test(t, test_verify_active_state);
    tcase_add_test(t, test_verify_nothing_there);
    tcase_add_test(t, test_verify_endless);
}
