/* SPDX-License-Identifier: MIT
 * A host for the files of the Asperion connector that plays answers from a script and keeps what it
 * is asked, sent and told. Each test program includes it once. */
#ifndef TESTS_UNIT_ASPERION_HOST_H
#define TESTS_UNIT_ASPERION_HOST_H

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/asperion/asperion_catalogue.h"
#include "plugins/asperion/body.h"
#include "plugins/asperion/choices.h"
#include "connection/host_json.h"
#include "plugins/asperion/debtor.h"
#include "plugins/asperion/fetch.h"
#include "plugins/asperion/find.h"
#include "plugins/asperion/orders.h"
#include "plugins/asperion/page.h"
#include "plugins/asperion/problem.h"
#include "plugins/asperion/read.h"
#include "plugins/asperion/verify.h"
#include "plugins/asperion/write.h"

/* Behind the host's table, as its fail() is a macro. */
#include "unit.h"

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-function"
#endif

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
static json_t *settings;        /* those that are not left to their defaults */

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

/* A setting of the connection for this test. */
static void set(const char *name, const char *value)
{
    json_object_set_new(settings, name, json_string(value));
}

static const char *host_setting(struct koppel_context *ctx, const char *name)
{
    size_t i;
    json_t *setting;
    const char *own = koppel_get_text(settings, name, NULL);
    (void)ctx;
    if (own)
        return own;
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

static int host_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                           const char *raw, uint64_t raw_bytes, const char *place,
                           struct koppel_error *err)
{
    (void)out;
    (void)version;
    (void)err;
    ck_assert(!key || *key);
    add_text(told, "unreadable %s: %s: %.*s\n", key ? key : "", place, (int)raw_bytes, raw);
    return 0;
}

static int host_gone(struct koppel_batch *out, const char *key, int64_t version,
                     struct koppel_error *err)
{
    (void)out;
    (void)version;
    (void)err;
    add_text(told, "gone %s\n", key);
    return 0;
}

static int host_total(struct koppel_batch *out, int64_t records, struct koppel_error *err)
{
    (void)out;
    (void)err;
    add_text(told, "of %lld\n", (long long)records);
    return 0;
}

static int host_row_fact(struct koppel_list *out, const char *name, const char *value,
                         struct koppel_error *err)
{
    (void)out;
    (void)err;
    add_text(told, "  %s: %s\n", name, value);
    return 0;
}

static int host_note(struct koppel_results *out, uint32_t index, const char *step,
                     const char *format, ...)
{
    char text[256];
    va_list args;
    (void)out;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add_text(told, "%u note %s: %s\n", index, step, text);
    return 0;
}

static const struct koppel_host host = {
    .struct_size = sizeof host, .fail = host_fail, .setting = host_setting,
    .catalogue = host_catalogue, .now_ms = host_now, .http = host_http,
    .http_done = host_http_done, .emit = host_emit, .batch_end = host_batch_end,
    .result_found = host_result, .result_done = host_result, .row = host_row,
    .reason = host_reason, .json = host_json_read, .json_list = host_json_list,
    .emit_unreadable = host_unreadable, .emit_gone = host_gone, .total = host_total,
    .row_fact = host_row_fact, .result_note = host_note,
};

static struct asperion books;
static struct koppel_error ignored; /* host_fail keeps what is told */
static struct koppel_error *const err = &ignored;

static void begin(void)
{
    effective = json_loads(catalogue_text, 0, NULL);
    settings = json_object();
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
    json_decref(settings);
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
    return find_records(&books, &request, NULL, err);
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
    int rc = write_records(&books, &request, NULL, err);
    json_decref(item.record);
    return rc;
}

static const char *const entity_names[] = {"debtor", "article", "stock", "sales-invoice",
                                           "sales-order", "financial-mutation", "journal-entry"};

static int read_first(const char *entity, json_t *options)
{
    struct koppel_read_request request = KOPPEL_INIT(request);
    request.entity = entity;
    request.limit = 100;
    request.options = options;
    return read_page(&books, &request, NULL, err);
}

/* How often an address was asked for. */
static int looks_at(const char *path)
{
    int count = 0;
    for (const char *at = asked; (at = strstr(at, path)); at++)
        count++;
    return count;
}

#define ENTITIES ((int)(sizeof entity_names / sizeof entity_names[0]))

#endif
