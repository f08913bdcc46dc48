/* SPDX-License-Identifier: MIT
 * Recorded answers. */
#include "kit/kit_tape.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/mask.h"
#include "base/replace.h"
#include "config/conf_source.h"
#include "connection/border.h"
#include "connection/host.h"

#define VEIL "recorded"

/* A log-in: what is sent and what comes back are secrets that nobody else knows of yet. */
static bool is_private(const struct koppel_http_request *r)
{
    return (r->flags & KOPPEL_HTTP_PRIVATE) != 0;
}

/* Behind scheme, host and port: a system that moved answers the same. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    return path ? path : "/";
}

static void add(crypto_generichash_state *state, const char *text)
{
    (void)crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* Of all that is no secret. */
static uint64_t digest_of(const struct koppel_http_request *r)
{
    crypto_generichash_state state;
    uint64_t digest;
    const char *at = (const char *)r->query;
    crypto_generichash_init(&state, NULL, 0, 16);
    add(&state, r->method);
    add(&state, path_of(r->url));
    for (uint32_t i = 0; i < r->query_count; i++, at += r->query->struct_size) {
        const struct koppel_pair *pair = (const struct koppel_pair *)(const void *)at;
        add(&state, pair->name);
        add(&state, pair->secret || !pair->value ? "" : pair->value);
    }
    if (r->body && !is_private(r))
        (void)crypto_generichash_update(&state, (const unsigned char *)r->body, r->body_bytes);
    unsigned char raw[16];
    crypto_generichash_final(&state, raw, sizeof raw);
    memcpy(&digest, raw, sizeof digest);
    return digest;
}

/* The file for this request; from 1 on, how often it was made. */
static int count_of(struct kit_tape *t, uint64_t digest)
{
    for (int i = 0; i < t->count; i++) {
        if (t->seen[i].digest == digest)
            return ++t->seen[i].times;
    }
    if (t->count < KIT_TAPE_REQUESTS) {
        t->seen[t->count].digest = digest;
        t->seen[t->count++].times = 1;
    }
    return 1;
}

static void file_of(const struct kit_tape *t, uint64_t digest, int times, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%016" PRIx64 "-%d.json", t->folder, digest, times);
}

/* The value with another text in the place of each; new. */
static json_t *veiled(const json_t *value)
{
    const char *name;
    json_t *item, *out;
    size_t i;
    if (json_is_string(value))
        return json_string(VEIL);
    if (json_is_array(value)) {
        out = json_array();
        json_array_foreach(value, i, item)
            (void)json_array_append_new(out, veiled(item));
        return out;
    }
    if (!json_is_object(value))
        return json_incref((json_t *)value);
    out = json_object();
    json_object_foreach((json_t *)value, name, item)
        (void)json_object_set_new(out, name, veiled(item));
    return out;
}

/* The form of an answer is enough to log in by, where it is given again. */
static json_t *form_json(const struct koppel_http_response *r)
{
    json_t *whole = r->body ? json_read(r->body, (size_t)r->body_bytes, NULL, NULL) : NULL;
    json_t *form = whole ? veiled(whole) : NULL;
    char *text = form ? json_text(form, false, NULL) : NULL;
    json_t *made = json_string(text ? text : r->body_bytes ? VEIL : "");
    free(text);
    json_decref(form);
    json_decref(whole);
    return made;
}

static json_t *body_json(const struct koppel_http_response *r)
{
    size_t bytes = (size_t)r->body_bytes;
    if (border_is_text(r->body ? r->body : "", bytes)) {
        char *text = strndup(r->body ? r->body : "", bytes);
        if (text)
            mask_text(text);
        json_t *made = json_string(text);
        free(text);
        return made;
    }
    size_t room = sodium_base64_encoded_len(bytes, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);
    json_t *made = NULL;
    if (text && sodium_bin2base64(text, room, (const unsigned char *)r->body, bytes,
                                  sodium_base64_VARIANT_ORIGINAL))
        made = json_pack("{s:s}", "base64", text);
    free(text);
    return made;
}

/* Records are of people: whoever shares the machine has no business with them. */
static int write_file(const char *path, const char *text, struct koppel_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool own = fd >= 0 && fchmod(fd, 0600) == 0; /* which it keeps when it is replaced */
    if (fd >= 0)
        close(fd);
    return own ? replace_file(path, text, strlen(text), err)
               : err_set(err, KOPPEL_E_CONFIG, "%s: %s", path, strerror(errno));
}

static int save(const struct kit_tape *t, const struct koppel_http_request *r, int times,
                json_t *answer, struct koppel_error *err)
{
    char path[PATH_MAX];
    (void)json_object_set_new(answer, "method", json_string(r->method));
    (void)json_object_set_new(answer, "path", json_string(path_of(r->url)));
    char *text = json_text_lines(answer);
    json_decref(answer);
    file_of(t, digest_of(r), times, path);
    int rc = text ? write_file(path, text, err)
                  : err_set(err, KOPPEL_E_RETRY, "out of memory");
    free(text);
    return rc;
}

int kit_tape_record(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err)
{
    struct kit_tape *t = arg;
    struct koppel_error lost = {0};
    int times = count_of(t, digest_of(request));
    int rc = host_table.http(&t->host->ctx, request, out, err);
    json_t *answer = rc == 0 ? json_pack("{s:i,s:s,s:o}", "status", (int)out->status, "type",
                                         out->content_type, "body",
                                         is_private(request) ? form_json(out) : body_json(out))
                             : json_pack("{s:i}", "fails", err->kind);
    if (answer && (rc == 0 || err->kind != KOPPEL_E_CANCELLED) &&
        save(t, request, times, answer, &lost) < 0)
        (void)err_set(err, KOPPEL_E_CONFIG, "it cannot be recorded: %s", lost.text);
    return rc;
}

static json_t *load(const struct kit_tape *t, uint64_t digest, int times)
{
    char path[PATH_MAX];
    const char *why = NULL;
    size_t bytes = 0;
    file_of(t, digest, times, path);
    char *text = conf_source_disk(path, &bytes, &why);
    json_t *answer = text ? json_read(text, bytes, NULL, NULL) : NULL;
    free(text);
    return answer;
}

static int give(const json_t *answer, struct koppel_http_response *out, struct koppel_error *err)
{
    const json_t *body = json_object_get(answer, "body");
    const char *type = json_string_value(json_object_get(answer, "type"));
    const char *coded = json_string_value(json_object_get(body, "base64"));
    int status = (int)json_integer_value(json_object_get(answer, "status"));
    if (!coded)
        return kit_host_answer(out, status, type, json_string_value(body),
                               json_string_length(body), err);
    size_t room = strlen(coded), bytes = 0;
    unsigned char *raw = malloc(room + 1);
    int rc = -1;
    if (raw && sodium_base642bin(raw, room, coded, room, NULL, &bytes, NULL,
                                 sodium_base64_VARIANT_ORIGINAL) == 0)
        rc = kit_host_answer(out, status, type, raw, bytes, err);
    else
        (void)err_set(err, KOPPEL_E_RETRY, "a recorded answer is damaged");
    free(raw);
    return rc;
}

int kit_tape_replay(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err)
{
    struct kit_tape *t = arg;
    if (t->host->ctx.captured && request->flags & KOPPEL_HTTP_WRITE)
        return host_table.http(&t->host->ctx, request, out, err); /* which only shows it */
    uint64_t digest = digest_of(request);
    int times = count_of(t, digest);
    json_t *answer = NULL;
    for (; times > 0 && !answer; times--)
        answer = load(t, digest, times);
    if (!answer)
        return err_set(err, KOPPEL_E_RETRY, "no answer to %s %s was recorded in %s",
                       request->method, path_of(request->url), t->folder);
    int fails = (int)json_integer_value(json_object_get(answer, "fails"));
    int rc = fails ? err_set(err, fails, "it failed so when it was recorded")
                   : give(answer, out, err);
    json_decref(answer);
    return rc;
}

static void jobs_file(const char *folder, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/jobs.json", folder);
}

void kit_tape_jobs(const char *replay, char out[KIT_TAPE_JOBS_BYTES])
{
    char path[PATH_MAX];
    const char *why = NULL;
    size_t bytes = 0;
    snprintf(out, KIT_TAPE_JOBS_BYTES, "%08" PRIx32 "%08" PRIx32, randombytes_random(),
             randombytes_random());
    if (!replay)
        return;
    jobs_file(replay, path);
    char *text = conf_source_disk(path, &bytes, &why);
    json_t *kept = text ? json_read(text, bytes, NULL, NULL) : NULL;
    const char *jobs = json_string_value(json_object_get(kept, "jobs"));
    if (jobs)
        snprintf(out, KIT_TAPE_JOBS_BYTES, "%s", jobs);
    json_decref(kept);
    free(text);
}

int kit_tape_keep_jobs(const char *folder, const char *jobs, struct koppel_error *err)
{
    char path[PATH_MAX];
    json_t *kept = json_pack("{s:s}", "jobs", jobs);
    char *text = json_text_lines(kept);
    json_decref(kept);
    jobs_file(folder, path);
    int rc = text ? write_file(path, text, err) : err_set(err, KOPPEL_E_RETRY, "out of memory");
    free(text);
    return rc;
}
