/* SPDX-License-Identifier: MIT
 * Answers of the books into records, and those records back. The input is the body of every answer.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "connection/host_json.h"
#include "plugins/asperion/asperion_catalogue.h"
#include "plugins/asperion/body.h"
#include "plugins/asperion/choices.h"
#include "plugins/asperion/find.h"
#include "plugins/asperion/orders.h"
#include "plugins/asperion/page.h"
#include "plugins/asperion/probe.h"
#include "plugins/asperion/read.h"
#include "plugins/asperion/verify.h"
#include "plugins/asperion/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* ---- a host with the few members that these files call ---- */

static json_t *effective;
static char *body;
static size_t body_bytes;
static unsigned status;
static unsigned calls;

static int host_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    char text[2048];
    va_list args;
    (void)err;
    (void)kind;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return -1;
}

static void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
{
    char text[1024];
    va_list args;
    (void)ctx;
    (void)level;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
}

static int host_reason(struct koppel_error *err, const char *code)
{
    (void)err;
    return code[0] ? -1 : 0;
}

static const char *host_setting(struct koppel_context *ctx, const char *name)
{
    (void)ctx;
    return name[0] ? "/path" : NULL;
}

static int64_t host_now(struct koppel_context *ctx)
{
    (void)ctx;
    return INT64_C(1767225600000);
}

static json_t *host_catalogue(struct koppel_context *ctx)
{
    (void)ctx;
    return effective;
}

static int host_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                     struct koppel_http_response *out, struct koppel_error *err)
{
    (void)ctx;
    (void)request;
    if (calls++ > 3)
        return host_fail(err, KOPPEL_E_RETRY, "enough");
    out->status = status;
    out->body = body;
    out->body_bytes = body_bytes;
    out->content_type = "application/json";
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
    if (!key[0])
        abort();
    json_decref(record);
    return 0;
}

static int host_batch_end(struct koppel_batch *out, const char *cursor, int more,
                          struct koppel_error *err)
{
    (void)out;
    (void)more;
    (void)err;
    return cursor[0] ? 0 : -1;
}

static int host_result(struct koppel_results *out, uint32_t index, const char *id, json_t *record,
                       struct koppel_error *err)
{
    (void)out;
    (void)index;
    (void)id;
    (void)err;
    json_decref(record);
    return 0;
}

static int host_row(struct koppel_list *out, const char *value, const char *title,
                    struct koppel_error *err)
{
    (void)out;
    (void)err;
    return value && title ? 0 : -1;
}

static int host_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                           const char *raw, uint64_t raw_bytes, const char *place,
                           struct koppel_error *err)
{
    (void)out;
    (void)version;
    (void)err;
    /* Every byte is its to read. */
    volatile char last = raw_bytes > 0 ? raw[raw_bytes - 1] : '\0';
    (void)last;
    if ((key && !key[0]) || !place[0])
        abort();
    return 0;
}

static int host_total(struct koppel_batch *out, int64_t records, struct koppel_error *err)
{
    (void)out;
    (void)err;
    if (records < 0)
        abort();
    return 0;
}

static int host_row_fact(struct koppel_list *out, const char *name, const char *value,
                         struct koppel_error *err)
{
    (void)out;
    (void)err;
    return name && value ? 0 : -1;
}

static int host_step(struct koppel_list *out, const char *step, uint32_t outcome,
                     const char *setting, const char *text, struct koppel_error *err)
{
    (void)out;
    (void)outcome;
    (void)setting;
    (void)text;
    (void)err;
    return step[0] ? 0 : -1;
}

static int host_note(struct koppel_results *out, uint32_t index, const char *step,
                     const char *format, ...)
{
    (void)out;
    (void)index;
    (void)format;
    return step[0] ? 0 : -1;
}

static const struct koppel_host host = {
    .struct_size = sizeof host,
    .fail = host_fail,
    .log = host_log,
    .json = host_json_read,
    .json_list = host_json_list,
    .emit_unreadable = host_unreadable,
    .total = host_total,
    .row_fact = host_row_fact,
    .step = host_step,
    .result_note = host_note,
    .catalogue = host_catalogue,
    .http = host_http,
    .http_done = host_http_done,
    .emit = host_emit,
    .batch_end = host_batch_end,
    .result_found = host_result,
    .result_done = host_result,
    .row = host_row,
    .reason = host_reason,
    .setting = host_setting,
    .now_ms = host_now,
};

static struct asperion books = {
    .host = &host, .base = (char *)"https://books.example/v1/", .tenant = "123",
    .tenant_header = "X-Tenant", .language = "nl", .active_state_all = "All",
    .page_size_text = "100", .page_size = 100,
};

/* ---- the runs ---- */

static json_t *json_of(struct answer_text text)
{
    return json_read(text.start, text.bytes, NULL, NULL);
}

/* What goes back is JSON, whatever came. */
static void send_back(json_t *fields, json_t *row, struct answer_text raw)
{
    json_t *copy = json_deep_copy(row);
    body_strip(fields, copy);
    char *text = body_text(fields, copy, raw);
    json_t *again = text ? json_of((struct answer_text){text, strlen(text)}) : NULL;
    if (text && !again)
        abort();
    json_decref(again);
    json_decref(copy);
    free(text);
}

static void row_both_ways(json_t *fields, json_t *row, struct answer_text raw,
                          struct koppel_error *err)
{
    char id[64], place[ANSWER_PLACE_BYTES];
    records_id(row, id, sizeof id);
    json_t *record = records_read(fields, row, place);
    json_t *sent = record ? body_make(&books, fields, record, err) : NULL;
    json_decref(sent);
    sent = body_make(&books, fields, row, err);
    json_decref(sent);
    json_decref(record);
    send_back(fields, row, raw);
}

static void rows(const char *entity, struct koppel_error *err)
{
    json_t *fields = records_fields(&books, entity), *row;
    struct answer_text whole = answer_trim((struct answer_text){body, body_bytes}), one;
    struct answer_text rest = answer_member(whole, "_data");
    if (!fields)
        abort();
    while (answer_next(&rest, &one) == 1) {
        row = json_of(one);
        if (json_is_object(row))
            row_both_ways(fields, row, one, err);
        json_decref(row);
    }
    row = json_of(whole);
    if (json_is_object(row))
        row_both_ways(fields, row, whole, err);
    json_decref(row);
}

/* The record that is there, laid over with an empty one. */
static void change_of(const char *entity, struct koppel_error *err)
{
    struct koppel_write_item item = KOPPEL_INIT(item);
    const struct koppel_write_item *const items[] = {&item};
    struct koppel_write_request request = KOPPEL_INIT(request);
    item.job = "job";
    item.id = "1";
    item.record = json_object();
    request.verb = KOPPEL_VERB_UPDATE;
    request.entity = entity;
    request.items = items;
    request.count = 1;
    write_records(&books, &request, NULL, err);
    json_decref(item.record);
}

static void calls_of(const char *entity, const char *match, struct koppel_error *err)
{
    static const char *const keys[] = {"1"};
    struct koppel_read_request read = KOPPEL_INIT(read);
    struct koppel_find_request find = KOPPEL_INIT(find);
    read.entity = find.entity = entity;
    read.limit = 100;
    find.match = match;
    find.keys = keys;
    find.count = 1;
    calls = 0;
    read_page(&books, &read, NULL, err);
    calls = 0;
    find_records(&books, &find, NULL, err);
    calls = 0;
    change_of(entity, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static const char *const lists[] = {"journals", "vat-codes", "ledger-accounts"};
    static const char *const names[][2] = {
        {"debtor", "emailAddress"}, {"article", "articleNumber"},
        {"sales-invoice", "id"},    {"sales-order", "reference"},
        {"stock", "articleNumber"}, {"financial-mutation", "sourceDocumentNumber"}};
    static char room[2048]; /* err is opaque here and never read */
    struct koppel_error *err = (struct koppel_error *)(void *)room;
    if (!effective)
        effective = json_loads(catalogue_text, 0, NULL);
    body = malloc(bytes + 1);
    if (!body)
        return 0;
    if (bytes)
        memcpy(body, data, bytes);
    body[bytes] = '\0';
    body_bytes = bytes;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        rows(names[i][0], err);
        status = 200;
        calls_of(names[i][0], names[i][1], err);
        calls = 0;
        verify_entity(&books, names[i][0], NULL, err);
        json_decref(books.description);
        books.description = NULL;
    }
    status = 422;
    calls_of("debtor", "id", err);
    status = 200;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        calls = 0;
        choices_list(&books, lists[i], NULL, err);
    }
    calls = 0;
    probe_tenant(&books, NULL, err);
    free(body);
    return 0;
}
