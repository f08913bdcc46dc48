/* SPDX-License-Identifier: MIT
 * A host for tests of the MplusKASSA connector without a network: the calls of the connector meet a
 * script of expected operations and canned answers, and its outcomes are kept for checks. */
#ifndef KOPPEL_TESTS_MPLUS_HOST_H
#define KOPPEL_TESTS_MPLUS_HOST_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugins/mpluskassa/call.h"

#define HOST_OUTCOMES 600
#define HOST_CALLS 64

/* One expected call and what the till answers: the inside of the answer element; or a fault. */
struct step {
    const char *operation;
    const char *contains; /* parts of the request, with | between them; "!" before one: not there */
    const char *answer;   /* "fault:CODE:TEXT", or what stands inside the SOAP body */
};

struct koppel_error {
    int kind;
    char text[512], reason[48], facts[100]; /* facts: "name=value " */
};

struct outcome {
    bool done;
    int hits;
    char id[64];
    json_t *record; /* of the last hit, or the answer of the write */
    char note[100]; /* the last one */
    struct koppel_error err;
};

struct koppel_results {
    struct outcome of[HOST_OUTCOMES];
};

struct koppel_batch {
    json_t *keys, *records;
    json_t *gone;       /* keys */
    json_t *unreadable; /* {key, version, raw, place} */
    char next[256];
    int more;
    int64_t last_version;
};

struct koppel_context {
    const struct step *steps;
    int step_count, at;
    char *bodies[HOST_CALLS]; /* of the requests, for more checks */
    const char *stock_branch;
    uint32_t overlap;         /* of the readings */
    const char *const (*settings)[2]; /* further settings, ended by NULL */
    char logged[300];                 /* the last line of the log */
    json_t *shared;                   /* what instances share, by name */
};

static struct koppel_context host_state;

static inline void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
{
    va_list args;

    (void)level;
    va_start(args, format);
    vsnprintf(ctx->logged, sizeof ctx->logged, format, args);
    va_end(args);
}

static inline int host_fail(struct koppel_error *err, int kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline int host_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    va_list args;

    err->kind = kind;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -1;
}

static inline int host_reason(struct koppel_error *err, const char *code)
{
    snprintf(err->reason, sizeof err->reason, "%s", code);
    return -1;
}

static inline const char *host_setting(struct koppel_context *ctx, const char *name)
{
    int i;

    if (strcmp(name, "stock_branch") == 0)
        return ctx->stock_branch;
    for (i = 0; ctx->settings != NULL && ctx->settings[i][0] != NULL; i++) {
        if (strcmp(ctx->settings[i][0], name) == 0)
            return ctx->settings[i][1];
    }
    return strcmp(name, "employee") == 0 ? "999999" : NULL;
}

static inline int64_t host_now(struct koppel_context *ctx)
{
    (void)ctx;
    return 0;
}

static inline int host_cancelled(struct koppel_context *ctx)
{
    (void)ctx;
    return 0;
}

/* Every part of the list must stand in the text, or must not where it begins with "!". */
static inline void host_contains(const char *text, const char *parts)
{
    char *copy = strdup(parts), *save = NULL, *part;

    for (part = strtok_r(copy, "|", &save); part != NULL; part = strtok_r(NULL, "|", &save)) {
        bool wanted = part[0] != '!';

        ck_assert_msg((strstr(text, wanted ? part : part + 1) != NULL) == wanted,
                      "the request %s \"%s\":\n%s", wanted ? "lacks" : "holds",
                      wanted ? part : part + 1, text);
    }
    free(copy);
}

/* For the schema check, which looks at every request that any test makes. */
static inline void host_dump(const char *body, int number)
{
    const char *folder = getenv("KOPPEL_SOAP_DUMP");
    char path[512];
    FILE *file;

    if (folder == NULL)
        return;
    snprintf(path, sizeof path, "%s/call-%d-%d.envelope", folder, (int)getpid(), number);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(body, file);
    fclose(file);
}

static inline int host_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                            struct koppel_http_response *out, struct koppel_error *err)
{
    static const char head[] = "<E:Envelope xmlns:E=\"x\"><E:Body>";
    static const char tail[] = "</E:Body></E:Envelope>";
    const struct step *step = &ctx->steps[ctx->at];
    char *body;

    (void)err;
    ck_assert_msg(ctx->at < ctx->step_count, "unexpected call of %s:\n%s", request->what,
                  request->body);
    ck_assert_msg(strcmp(step->operation, request->what) == 0, "call %d is %s, not %s:\n%s",
                  ctx->at + 1, request->what, step->operation, request->body);
    host_contains(request->body, step->contains);
    host_dump(request->body, ctx->at);
    ctx->bodies[ctx->at++] = strdup(request->body);
    out->status = 200;
    if (strcmp(step->answer, "lost") == 0)
        return host_fail(err, KOPPEL_E_UNSURE, "the answer was lost");
    if (strncmp(step->answer, "fault:", 6) == 0) {
        char code[64];
        const char *text = strchr(step->answer + 6, ':') + 1;

        snprintf(code, sizeof code, "%.*s", (int)(text - step->answer - 7), step->answer + 6);
        ck_assert_int_gt(asprintf(&body, "%s<E:Fault><faultcode>E:%s</faultcode><faultstring>%s"
                                  "</faultstring></E:Fault>%s", head, code, text, tail), 0);
        out->status = 500;
    } else {
        ck_assert_int_gt(asprintf(&body, "%s<r>%s</r>%s", head, step->answer, tail), 0);
    }
    out->body = body;
    out->body_bytes = strlen(body);
    out->host_private = body;
    return 0;
}

static inline void host_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    (void)ctx;
    free(response->host_private);
}

static inline int host_keep(struct koppel_results *out, uint32_t index, const char *id,
                            json_t *record)
{
    struct outcome *o = &out->of[index];

    ck_assert_uint_lt(index, HOST_OUTCOMES);
    json_decref(o->record);
    o->record = record;
    snprintf(o->id, sizeof o->id, "%s", id);
    return 0;
}

static inline int host_found(struct koppel_results *out, uint32_t index, const char *id,
                             json_t *record, struct koppel_error *err)
{
    (void)err;
    out->of[index].hits++;
    return host_keep(out, index, id, record);
}

static inline int host_done(struct koppel_results *out, uint32_t index, const char *id,
                            json_t *answer, struct koppel_error *err)
{
    (void)err;
    ck_assert_msg(!out->of[index].done, "item %u is done twice", index);
    ck_assert_msg(out->of[index].err.kind == 0, "item %u is done and failed", index);
    out->of[index].done = true;
    return host_keep(out, index, id, answer);
}

static inline int host_error(struct koppel_results *out, uint32_t index, int kind,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

static inline int host_error(struct koppel_results *out, uint32_t index, int kind,
                             const char *format, ...)
{
    struct koppel_error *err = &out->of[index].err;
    va_list args;

    ck_assert_msg(!out->of[index].done, "item %u failed after it was done", index);
    err->kind = kind;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return 0;
}

static inline int host_result_reason(struct koppel_results *out, uint32_t index, const char *code)
{
    host_reason(&out->of[index].err, code);
    return 0;
}

static inline int host_result_fact(struct koppel_results *out, uint32_t index, const char *name,
                                   const char *value)
{
    (void)out;
    (void)index;
    ck_assert(*name && value);
    return 0;
}

static inline int host_note(struct koppel_results *out, uint32_t index, const char *step,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));

static inline int host_note(struct koppel_results *out, uint32_t index, const char *step,
                            const char *format, ...)
{
    va_list args;

    (void)step;
    va_start(args, format);
    vsnprintf(out->of[index].note, sizeof out->of[index].note, format, args);
    va_end(args);
    return 0;
}

static inline int host_fact(struct koppel_error *err, const char *name, const char *value)
{
    size_t n = strlen(err->facts);

    snprintf(err->facts + n, sizeof err->facts - n, "%s=%s ", name, value);
    return -1;
}

/* Not cryptography: the digest is the text itself, so that tests can name the keys. */
static inline int host_hmac(struct koppel_context *ctx, uint32_t algorithm, const void *key,
                            uint64_t key_bytes, const void *data, uint64_t bytes,
                            unsigned char *out, struct koppel_error *err)
{
    (void)ctx;
    (void)key;
    (void)key_bytes;
    (void)err;
    ck_assert_uint_eq(algorithm, KOPPEL_HMAC_SHA256);
    memset(out, 0, KOPPEL_HMAC_SHA256_BYTES);
    memcpy(out, data, bytes < KOPPEL_HMAC_SHA256_BYTES ? bytes : KOPPEL_HMAC_SHA256_BYTES);
    return 0;
}

static inline json_t *host_shared_get(struct koppel_context *ctx, const char *name)
{
    return json_incref(json_object_get(ctx->shared, name));
}

static inline int host_shared_set(struct koppel_context *ctx, const char *name, json_t *value,
                                  int64_t max_age_ms, struct koppel_error *err)
{
    (void)max_age_ms;
    (void)err;
    if (ctx->shared == NULL)
        ctx->shared = json_object();
    return json_object_set_new(ctx->shared, name, value);
}

static inline int host_emit_gone(struct koppel_batch *out, const char *key, int64_t version,
                                 struct koppel_error *err)
{
    (void)version;
    (void)err;
    if (out->gone == NULL)
        out->gone = json_array();
    return json_array_append_new(out->gone, json_string(key));
}

static inline int host_emit_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                                       const char *raw, uint64_t bytes, const char *place,
                                       struct koppel_error *err)
{
    json_t *text = json_stringn(raw, (size_t)bytes);

    (void)err;
    if (out->unreadable == NULL)
        out->unreadable = json_array();
    if (text == NULL)
        text = json_string("no UTF-8");
    return json_array_append_new(out->unreadable,
                                 json_pack("{s:s*, s:I, s:o, s:s}", "key", key, "version",
                                           (json_int_t)version, "raw", text, "place", place));
}

static inline int host_emit(struct koppel_batch *out, const char *key, int64_t version,
                            json_t *record, struct koppel_error *err)
{
    (void)err;
    json_array_append_new(out->keys, json_string(key));
    json_array_append_new(out->records, record);
    out->last_version = version;
    return 0;
}

static inline int host_batch_end(struct koppel_batch *out, const char *next, int more,
                                 struct koppel_error *err)
{
    (void)err;
    snprintf(out->next, sizeof out->next, "%s", next);
    out->more = more;
    return 0;
}

/* Sums of equal scale are enough here. */
static inline int host_decimal(struct koppel_context *ctx, uint32_t operation, const char *a,
                               const char *b, int32_t places, uint32_t rounding, char *out,
                               struct koppel_error *err)
{
    (void)ctx;
    (void)places;
    (void)rounding;
    (void)err;
    ck_assert_uint_eq(operation, KOPPEL_DECIMAL_ADD);
    snprintf(out, KOPPEL_DECIMAL_TEXT, "%ld", strtol(a, NULL, 10) + strtol(b, NULL, 10));
    return 0;
}

static const struct koppel_host test_host = {
    .struct_size = sizeof(struct koppel_host),
    .abi_minor = KOPPEL_ABI_MINOR,
    .log = host_log,
    .fail = host_fail,
    .setting = host_setting,
    .now_ms = host_now,
    .cancelled = host_cancelled,
    .http = host_http,
    .http_done = host_http_done,
    .emit = host_emit,
    .batch_end = host_batch_end,
    .result_found = host_found,
    .result_done = host_done,
    .result_error = host_error,
    .decimal = host_decimal,
    .reason = host_reason,
    .result_reason = host_result_reason,
    .result_fact = host_result_fact,
    .fact = host_fact,
    .result_note = host_note,
    .hmac = host_hmac,
    .shared_get = host_shared_get,
    .shared_set = host_shared_set,
    .emit_gone = host_emit_gone,
    .emit_unreadable = host_emit_unreadable,
};

/* An instance that will make exactly these calls; host_end() checks that it made them all. */
static inline void host_begin(struct mplus *m, const struct step *steps, int count)
{
    static char url[] = "http://till/";

    memset(&host_state, 0, sizeof host_state);
    host_state.steps = steps;
    host_state.step_count = count;
    *m = (struct mplus){.host = &test_host, .ctx = &host_state, .url = url, .ident = "i",
                        .secret = "s"};
}

static inline void host_end(struct koppel_results *results)
{
    int i;

    ck_assert_msg(host_state.at == host_state.step_count, "only %d of %d calls were made",
                  host_state.at, host_state.step_count);
    for (i = 0; i < host_state.at; i++)
        free(host_state.bodies[i]);
    json_decref(host_state.shared);
    for (i = 0; results != NULL && i < HOST_OUTCOMES; i++)
        json_decref(results->of[i].record);
    free(results);
}

static inline struct koppel_results *host_results(void)
{
    struct koppel_results *results = calloc(1, sizeof *results);

    ck_assert_ptr_nonnull(results);
    return results;
}

/* ---- for the tests ---- */

#define STEPS(...)                                                                                 \
    static const struct step steps[] = {__VA_ARGS__};                                              \
    struct mplus m;                                                                                \
    host_begin(&m, steps, (int)(sizeof steps / sizeof steps[0]))

#define RESULT(text) "<result>" text "</result>"
#define NUMBER(name, value) "<" name ">" value "</" name ">"

typedef int write_fn(struct mplus *m, const struct koppel_write_request *request,
                     struct koppel_results *out, struct koppel_error *err);
typedef int find_fn(struct mplus *m, const struct koppel_find_request *request,
                    struct koppel_results *out, struct koppel_error *err);
typedef int read_fn(struct mplus *m, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err);

/* Writes the records of a JSON list; ids (may be NULL): as many. */
static inline int write_all(struct mplus *m, write_fn *write, uint32_t verb, const char *records,
                            const char *id, struct koppel_results *out, struct koppel_error *err)
{
    json_t *list = json_loads(records, 0, NULL);
    struct koppel_write_item item[HOST_OUTCOMES];
    const struct koppel_write_item *items[HOST_OUTCOMES];
    struct koppel_write_request request = {sizeof request, verb, 0, 0, "", items};
    char jobs[HOST_OUTCOMES][32];
    size_t i;
    int rc;

    ck_assert_msg(list != NULL, "%s", records);
    for (i = 0; i < json_array_size(list); i++) {
        snprintf(jobs[i], sizeof jobs[i], "job-%zu", i);
        item[i] = (struct koppel_write_item){.struct_size = sizeof item[i], .job = jobs[i],
                                             .id = id, .record = json_array_get(list, i)};
        items[i] = &item[i];
        request.count++;
    }
    memset(err, 0, sizeof *err);
    rc = write(m, &request, out, err);
    json_decref(list);
    return rc;
}

static inline struct koppel_results *write_ok(struct mplus *m, write_fn *write, uint32_t verb,
                                              const char *records, const char *id)
{
    struct koppel_results *out = host_results();
    struct koppel_error err;

    ck_assert_msg(write_all(m, write, verb, records, id, out, &err) == 0, "%s", err.text);
    return out;
}

static inline struct koppel_error write_bad(struct mplus *m, write_fn *write, uint32_t verb,
                                            const char *records, const char *id)
{
    struct koppel_results *out = host_results();
    struct koppel_error err;

    ck_assert_int_eq(write_all(m, write, verb, records, id, out, &err), -1);
    host_end(out);
    return err;
}

static inline struct koppel_results *find(struct mplus *m, find_fn *find_by, const char *match,
                                          const char *const *keys, uint32_t count)
{
    struct koppel_find_request request = {sizeof request, count, "", match, keys, NULL};
    struct koppel_results *out = host_results();
    struct koppel_error err = {0};

    ck_assert_msg(find_by(m, &request, out, &err) == 0, "%s", err.text);
    return out;
}

static inline void answer_is(const struct koppel_results *out, uint32_t index,
                             const char *member, const char *want)
{
    const char *text = json_string_value(json_object_get(out->of[index].record, member));

    ck_assert_msg(text != NULL && strcmp(text, want) == 0, "%s is %s", member,
                  text != NULL ? text : "absent");
}

static inline void failed(const struct koppel_results *out, uint32_t index, const char *reason)
{
    ck_assert_int_eq(out->of[index].err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(out->of[index].err.reason, reason);
    ck_assert(!out->of[index].done);
}

static inline struct koppel_batch read_all(struct mplus *m, read_fn *read, const char *cursor)
{
    json_t *options = json_object();
    struct koppel_read_request request = {.struct_size = sizeof request, .limit = 100,
                                          .entity = "", .cursor = cursor, .options = options,
                                          .overlap = host_state.overlap};
    struct koppel_batch batch = {.keys = json_array(), .records = json_array()};
    struct koppel_error err = {0};

    ck_assert_msg(read(m, &request, &batch, &err) == 0, "%s", err.text);
    json_decref(options);
    return batch;
}

typedef int fetch_fn(struct mplus *m, const struct koppel_fetch_request *request,
                     struct koppel_batch *out, struct koppel_error *err);

static inline struct koppel_batch fetch_all(struct mplus *m, fetch_fn *fetch,
                                            const char *const *ids, uint32_t count)
{
    json_t *options = json_object();
    struct koppel_fetch_request request = {.struct_size = sizeof request, .count = count,
                                           .entity = "", .ids = ids, .options = options};
    struct koppel_batch batch = {.keys = json_array(), .records = json_array()};
    struct koppel_error err = {0};

    ck_assert_msg(fetch(m, &request, &batch, &err) == 0, "%s", err.text);
    json_decref(options);
    return batch;
}

static inline void batch_free(struct koppel_batch *batch)
{
    json_decref(batch->keys);
    json_decref(batch->records);
    json_decref(batch->gone);
    json_decref(batch->unreadable);
}

/* The keys that were emitted, those that are gone and those that are unreadable, as JSON. */
static inline void batch_is(const struct koppel_batch *batch, const char *want)
{
    json_t *unread = json_array(), *row, *all, *expected = json_loads(want, 0, NULL);
    char *shown;
    size_t i;

    json_array_foreach(batch->unreadable, i, row)
        json_array_append(unread, json_object_get(row, "key") != NULL
                                      ? json_object_get(row, "key") : json_null());
    all = json_pack("{s:O, s:O*, s:o*}", "keys", batch->keys, "gone", batch->gone, "unreadable",
                    json_array_size(unread) > 0 ? unread : NULL);
    if (json_array_size(unread) == 0)
        json_decref(unread);
    shown = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_msg(expected != NULL && json_equal(all, expected), "got %s\nnot %s", shown, want);
    free(shown);
    json_decref(all);
    json_decref(expected);
}

/* What is told of the unreadable record at a place of the list. */
static inline void unreadable_is(const struct koppel_batch *batch, size_t index, const char *place,
                                 const char *raw)
{
    const json_t *row = json_array_get(batch->unreadable, index);
    const char *said = json_string_value(json_object_get(row, "place"));
    const char *text = json_string_value(json_object_get(row, "raw"));

    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(strstr(said, place) != NULL, "the place is \"%s\", not \"%s\"", said, place);
    ck_assert_msg(strstr(text, raw) != NULL, "the raw text is \"%s\"", text);
}

#endif
