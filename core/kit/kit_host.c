/* SPDX-License-Identifier: MIT
 * The kit's host table. */
#include "kit/kit_host.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "connection/host.h"

#define TEXT_BYTES 4096
#define GROWN_BYTES 64
#define RESPONSE_LEAST (offsetof(struct koppel_http_response, host_private) + sizeof(void *))

/* Of this thread: whose call is under way, and how deep it is in the table. */
static _Thread_local struct kit_host *current;
static _Thread_local int inside = 1;

void kit_host_enter(struct kit_host *h)
{
    current = h;
    inside = h ? 0 : 1;
}

bool kit_host_in_plugin(void)
{
    return inside == 0;
}

void kit_host_pause(bool pause)
{
    inside += pause ? 1 : -1;
}

/* Every function of the table begins with inside++ and ends with this. */
static int leave(int rc)
{
    inside--;
    return rc;
}

/* Does this call fail, by the check's wish? taken: what the program's own would take over; NULL. */
static bool fails(unsigned kind, json_t *taken, struct koppel_error *err)
{
    if (!current || !(current->fail_calls & kind) || ++current->calls != current->fail_at)
        return false;
    current->failed = true;
    json_decref(taken);
    (void)err_set(err, KOPPEL_E_RETRY, "the kit lets this call fail");
    return true;
}

/* ---- words ---- */

void kit_host_look(struct kit_host *h, const char *where, const char *text)
{
    for (int i = 0; h && text && i < h->secret_count; i++) {
        if (h->secrets[i] && strstr(text, h->secrets[i]) && !h->leak[0])
            snprintf(h->leak, sizeof h->leak, "%s", where);
    }
}

/* A text for people: one line, and without a secret. */
static void look_at_words(const char *where, const char *text)
{
    if (!current)
        return;
    kit_host_look(current, where, text);
    for (const char *c = text; *c && !current->many_lines; c++) {
        if ((unsigned char)*c < ' ' && *c != '\t') {
            current->many_lines = true;
            snprintf(current->words, sizeof current->words, "%s", where);
        }
    }
}

/* Begins a function that is given words for people. */
static void take_words(const char *where, char text[TEXT_BYTES], const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void take_words(const char *where, char text[TEXT_BYTES], const char *format, va_list args)
{
    inside++;
    vsnprintf(text, TEXT_BYTES, format, args);
    look_at_words(where, text);
}

static void on_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    (void)ctx;
    (void)level;
    va_start(args, format);
    take_words("a log line", text, format, args);
    va_end(args);
    if (current)
        current->logs++;
    (void)leave(0);
}

static int on_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    take_words("the text of a failure", text, format, args);
    va_end(args);
    return leave(host_table.fail(err, kind, "%s", text));
}

static int on_skip(struct koppel_context *ctx, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    take_words("why a record is left out", text, format, args);
    va_end(args);
    return leave(host_table.skip(ctx, "%s", text));
}

/* ---- settings and time ---- */

static const char *on_setting(struct koppel_context *ctx, const char *name)
{
    if (current)
        current->used_settings = true;
    return host_table.setting(ctx, name);
}

static int64_t on_now_ms(struct koppel_context *ctx)
{
    struct kit_host *h = (struct kit_host *)ctx;
    h->used_clock = true;
    return h->now_ms ? h->now_ms : host_table.now_ms(ctx);
}

static int on_cancelled(struct koppel_context *ctx)
{
    struct kit_host *h = (struct kit_host *)ctx;
    return h->stop_at > 0 && h->requests + 1 >= h->stop_at;
}

/* ---- the peer ---- */

int kit_host_answer(struct koppel_http_response *out, int status, const char *type,
                    const void *body, size_t bytes, struct koppel_error *err)
{
    char *copy = malloc(bytes + 1);
    uint32_t size = out->struct_size;
    if (!copy)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    memcpy(copy, body ? body : "", bytes);
    copy[bytes] = '\0';
    struct koppel_http_response full = {.struct_size = size, .status = (uint32_t)status,
                                        .body = copy, .body_bytes = bytes,
                                        .content_type = type ? type : "", .host_private = copy};
    memcpy(out, &full, size < sizeof full ? size : sizeof full);
    return 0;
}

static bool changes(const char *method)
{
    return strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0 ||
           strcmp(method, "DELETE") == 0;
}

static void look_at_pairs(struct kit_host *h, const char *where, const struct koppel_pair *pairs,
                          uint32_t count)
{
    const char *at = (const char *)pairs;
    for (uint32_t i = 0; pairs && i < count && pairs->struct_size > 0; i++) {
        const struct koppel_pair *one = (const struct koppel_pair *)(const void *)at;
        if (!one->secret)
            kit_host_look(h, where, one->value);
        at += pairs->struct_size;
    }
}

static int exchange(struct kit_host *h, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err)
{
    bool write = request->flags & KOPPEL_HTTP_WRITE;
    if (!request->method || !request->url || out->struct_size < RESPONSE_LEAST)
        return host_table.http(&h->ctx, request, out, err); /* which says what is wrong */
    h->requests++;
    h->writes += write;
    h->reads_that_write += !write && changes(request->method);
    kit_host_look(h, "the address of a request", request->url);
    look_at_pairs(h, "a query of a request that is not KOPPEL_PAIR_SECRET", request->query,
                  request->query_count);
    look_at_pairs(h, "a header of a request that is not KOPPEL_PAIR_SECRET", request->headers,
                  request->header_count);
    if (h->stop_at > 0 && h->requests >= h->stop_at) {
        h->after_stop++;
        return err_set(err, KOPPEL_E_CANCELLED, "stopping");
    }
    if (fails(KIT_HOST_HTTP, NULL, err))
        return -1;
    return h->peer ? h->peer(h->peer_arg, request, out, err)
                   : host_table.http(&h->ctx, request, out, err);
}

static int on_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                   struct koppel_http_response *out, struct koppel_error *err)
{
    struct kit_host *h = (struct kit_host *)ctx;
    inside++;
    h->used_http = true;
    return leave(h->ctx.connection ? exchange(h, request, out, err)
                                   : err_set(err, KOPPEL_E_BUG, "a transform has no HTTP"));
}

static void on_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    inside++;
    host_table.http_done(ctx, response); /* what a script gave lies in memory of malloc, too */
    (void)leave(0);
}

static int on_json(struct koppel_context *ctx, const char *text, uint64_t bytes, json_t **out,
                   struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_JSON, NULL, err) ? -1
                                                 : host_table.json(ctx, text, bytes, out, err));
}

static int on_json_list(struct koppel_context *ctx, const char *text, uint64_t bytes,
                        const char *list,
                        void (*bad)(void *user, const struct koppel_bad_item *item), void *user,
                        json_t **out, struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_JSON, NULL, err)
                     ? -1
                     : host_table.json_list(ctx, text, bytes, list, bad, user, out, err));
}

static json_t *on_shared_get(struct koppel_context *ctx, const char *name)
{
    inside++;
    ((struct kit_host *)ctx)->used_shared = true;
    json_t *value = fails(KIT_HOST_SHARED, NULL, NULL) ? NULL : host_table.shared_get(ctx, name);
    (void)leave(0);
    return value;
}

static int on_shared_set(struct koppel_context *ctx, const char *name, json_t *value_take,
                         int64_t max_age_ms, struct koppel_error *err)
{
    inside++;
    ((struct kit_host *)ctx)->used_shared = true;
    return leave(fails(KIT_HOST_SHARED, value_take, err)
                     ? -1
                     : host_table.shared_set(ctx, name, value_take, max_age_ms, err));
}

/* ---- what it reports ---- */

static void look_at_json(const char *where, const json_t *value)
{
    if (!current || current->secret_count == 0 || !value)
        return;
    char *text = json_text(value, false, NULL);
    kit_host_look(current, where, text);
    free(text);
}

static int on_emit(struct koppel_batch *out, const char *key, int64_t version,
                   json_t *record_take, struct koppel_error *err)
{
    inside++;
    look_at_json("a record", record_take);
    return leave(fails(KIT_HOST_REPORT, record_take, err)
                     ? -1
                     : host_table.emit(out, key, version, record_take, err));
}

static int on_emit_gone(struct koppel_batch *out, const char *key, int64_t version,
                        struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_REPORT, NULL, err) ? -1
                                                   : host_table.emit_gone(out, key, version, err));
}

static int on_emit_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                              const char *raw, uint64_t raw_bytes, const char *place,
                              struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_REPORT, NULL, err)
                     ? -1
                     : host_table.emit_unreadable(out, key, version, raw, raw_bytes, place, err));
}

static int on_emit_changed(struct koppel_batch *out, const char *key, struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_REPORT, NULL, err) ? -1 : host_table.emit_changed(out, key, err));
}

static int on_batch_end(struct koppel_batch *out, const char *next_cursor, int more,
                        struct koppel_error *err)
{
    inside++;
    kit_host_look(current, "a cursor", next_cursor);
    return leave(fails(KIT_HOST_REPORT, NULL, err)
                     ? -1
                     : host_table.batch_end(out, next_cursor, more, err));
}

static int on_result_found(struct koppel_results *out, uint32_t index, const char *id,
                           json_t *record_take, struct koppel_error *err)
{
    inside++;
    return leave(fails(KIT_HOST_REPORT, record_take, err)
                     ? -1
                     : host_table.result_found(out, index, id, record_take, err));
}

static int on_result_done(struct koppel_results *out, uint32_t index, const char *id,
                          json_t *answer_take, struct koppel_error *err)
{
    inside++;
    look_at_json("the answer of a write", answer_take);
    return leave(fails(KIT_HOST_REPORT, answer_take, err)
                     ? -1
                     : host_table.result_done(out, index, id, answer_take, err));
}

static int on_result_error(struct koppel_results *out, uint32_t index, int kind,
                           const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    take_words("the failure of an item", text, format, args);
    va_end(args);
    return leave(host_table.result_error(out, index, kind, "%s", text));
}

static int on_result_note(struct koppel_results *out, uint32_t index, const char *step,
                          const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    take_words("a note", text, format, args);
    va_end(args);
    return leave(host_table.result_note(out, index, step, "%s", text));
}

static int on_row(struct koppel_list *out, const char *value, const char *title,
                  struct koppel_error *err)
{
    inside++;
    if (current)
        current->facts++;
    kit_host_look(current, "a row", value);
    kit_host_look(current, "a row", title);
    return leave(fails(KIT_HOST_REPORT, NULL, err) ? -1 : host_table.row(out, value, title, err));
}

static int on_step(struct koppel_list *out, const char *step, uint32_t outcome,
                   const char *setting, const char *text, struct koppel_error *err)
{
    inside++;
    if (current)
        current->facts++;
    kit_host_look(current, "a step", text);
    return leave(fails(KIT_HOST_REPORT, NULL, err)
                     ? -1
                     : host_table.step(out, step, outcome, setting, text, err));
}

/* ---- the table ---- */

static struct {
    struct koppel_host host;
    unsigned char later[GROWN_BYTES];
} usual, larger;

static void make(struct koppel_host *t, uint32_t size)
{
    *t = host_table;
    t->struct_size = size;
    t->log = on_log;
    t->fail = on_fail;
    t->skip = on_skip;
    t->setting = on_setting;
    t->now_ms = on_now_ms;
    t->cancelled = on_cancelled;
    t->http = on_http;
    t->http_done = on_http_done;
    t->json = on_json;
    t->json_list = on_json_list;
    t->shared_get = on_shared_get;
    t->shared_set = on_shared_set;
    t->emit = on_emit;
    t->emit_gone = on_emit_gone;
    t->emit_unreadable = on_emit_unreadable;
    t->emit_changed = on_emit_changed;
    t->batch_end = on_batch_end;
    t->result_found = on_result_found;
    t->result_done = on_result_done;
    t->result_error = on_result_error;
    t->result_note = on_result_note;
    t->row = on_row;
    t->step = on_step;
}

const struct koppel_host *kit_host_table(bool grown)
{
    if (!usual.host.struct_size) {
        make(&usual.host, sizeof usual.host);
        make(&larger.host, sizeof larger);
        memset(larger.later, 0xa5, sizeof larger.later);
    }
    return grown ? &larger.host : &usual.host;
}
