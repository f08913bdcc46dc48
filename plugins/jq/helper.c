/* SPDX-License-Identifier: MIT
 * koppel-jq: runs jq programs for the plugin jq, one after the other. libjq knows no bounds, so
 * they are those of a process: time, memory, no files, no other process. It ends with the socket
 * that is its standard input. */
#include <jq.h>
#include <jv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wire.h"

/* What depends on more than the input, or reaches outside. import and include may only stand at the
 * beginning of a program, and so not behind this. */
static const char before[] =
    "def _no(f): error(f + \" has no place in a mapping\"); "
    "def input: _no(\"input\"); "
    "def inputs: _no(\"inputs\"); "
    "def debug: _no(\"debug\"); "
    "def stderr: _no(\"stderr\"); "
    "def input_filename: _no(\"input_filename\"); "
    "def input_line_number: _no(\"input_line_number\"); "
    "def env: _no(\"env\"); "
    "def now: _no(\"now\"); "
    "def localtime: _no(\"localtime\"); "
    "def halt: _no(\"halt\"); "
    "def halt_error: _no(\"halt_error\"); "
    "def get_search_list: _no(\"get_search_list\"); "
    "def modulemeta: _no(\"modulemeta\"); "
    "def strflocaltime(f): _no(\"strflocaltime\"); "
    "def halt_error(f): _no(\"halt_error\"); ";

#define CACHED 64

/* Programs stay compiled: to compile one takes longer than to run it. */
static struct {
    char *text;
    jq_state *jq;
} cache[CACHED];
static int cached;

/* ---- bounds ---- */

static int set_limit(int what, rlim_t limit)
{
    struct rlimit r = {limit, limit};
    return setrlimit(what, &r);
}

static int bound_process(void)
{
    close_range(3, ~0U, 0);
    if (set_limit(RLIMIT_AS, WIRE_MEMORY) != 0 || set_limit(RLIMIT_NOFILE, 0) != 0 ||
        set_limit(RLIMIT_FSIZE, 0) != 0 || set_limit(RLIMIT_CORE, 0) != 0 ||
        set_limit(RLIMIT_NPROC, 0) != 0)
        return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* From now on: what was used by earlier questions does not count. */
static int bound_time(void)
{
    struct rusage used;
    struct rlimit r;
    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &r) != 0)
        return -1;
    r.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + WIRE_CPU_SECONDS;
    return setrlimit(RLIMIT_CPU, &r);
}

/* ---- the socket ---- */

/* false: it was closed. */
static bool read_all(void *out, size_t bytes)
{
    char *p = out;
    while (bytes > 0) {
        ssize_t n = read(0, p, bytes);
        if (n <= 0)
            return false;
        p += n;
        bytes -= (size_t)n;
    }
    return true;
}

static bool write_all(const void *data, size_t bytes)
{
    const char *p = data;
    while (bytes > 0) {
        ssize_t n = write(0, p, bytes);
        if (n <= 0)
            return false;
        p += n;
        bytes -= (size_t)n;
    }
    return true;
}

/* A text of so many bytes, terminated; NULL: closed, or no memory. */
static char *read_text(uint32_t bytes)
{
    char *text = malloc((size_t)bytes + 1);
    if (text && !read_all(text, bytes)) {
        free(text);
        return NULL;
    }
    if (text)
        text[bytes] = '\0';
    return text;
}

static bool answer(enum wire_status status, const char *text)
{
    struct wire_answer a = {(uint32_t)status, (uint32_t)strlen(text)};
    return write_all(&a, sizeof a) && write_all(text, a.bytes);
}

/* message is freed. */
static bool answer_message(enum wire_status status, jv message)
{
    if (jv_get_kind(message) != JV_KIND_STRING)
        message = jv_dump_string(message, 0);
    bool sent = answer(status, jv_string_value(message));
    jv_free(message);
    return sent;
}

/* ---- programs ---- */

/* libjq tells each mistake by one call; the first says most. message is freed. */
static void keep_first(void *data, jv message)
{
    char *why = data;
    if (!*why && jv_get_kind(message) == JV_KIND_STRING)
        snprintf(why, 512, "%s", jv_string_value(message));
    jv_free(message);
}

static void forget_all(void)
{
    for (int i = 0; i < cached; i++) {
        free(cache[i].text);
        jq_teardown(&cache[i].jq);
    }
    cached = 0;
}

static jq_state *compile(const char *program, char why[512])
{
    size_t bytes = sizeof before + strlen(program);
    char *whole = malloc(bytes);
    jq_state *jq = whole ? jq_init() : NULL;
    *why = '\0';
    if (jq) {
        snprintf(whole, bytes, "%s%s", before, program);
        jq_set_error_cb(jq, keep_first, why);
        if (!jq_compile(jq, whole))
            jq_teardown(&jq);
        else
            jq_set_error_cb(jq, NULL, NULL);
    }
    free(whole);
    return jq;
}

/* NULL: it is wrong, and why. */
static jq_state *find(const char *program, char why[512])
{
    for (int i = 0; i < cached; i++) {
        if (strcmp(cache[i].text, program) == 0)
            return cache[i].jq;
    }
    if (cached == CACHED)
        forget_all();
    char *text = strdup(program);
    jq_state *jq = text ? compile(program, why) : NULL;
    if (!jq) {
        free(text);
        return NULL;
    }
    cache[cached].text = text;
    cache[cached++].jq = jq;
    return jq;
}

/* The first two: who wants one needs to know whether there are more. */
static bool run(jq_state *jq, jv input)
{
    jv values = jv_array();
    jq_start(jq, input, 0);
    for (int i = 0; i < 2; i++) {
        jv value = jq_next(jq);
        if (jv_is_valid(value)) {
            values = jv_array_append(values, value);
            continue;
        }
        if (jv_invalid_has_msg(jv_copy(value))) {
            jv_free(values);
            return answer_message(WIRE_ERROR, jv_invalid_get_msg(value));
        }
        jv_free(value);
        break;
    }
    jv text = jv_dump_string(values, 0);
    bool sent = jv_string_length_bytes(jv_copy(text)) > WIRE_TEXT_BYTES
                    ? answer(WIRE_ERROR, "what it gives is larger than 16 MiB")
                    : answer(WIRE_VALUES, jv_string_value(text));
    jv_free(text);
    return sent;
}

static bool reply(const struct wire_question *q, const char *program, const char *input)
{
    char why[512];
    jq_state *jq = find(program, why);
    if (!jq)
        return answer(WIRE_MISTAKE, *why ? why : "it cannot be compiled");
    if (q->kind == WIRE_COMPILE)
        return answer(WIRE_VALUES, "[]");
    jv value = jv_parse_sized(input, (int)q->input_bytes);
    if (!jv_is_valid(value))
        return answer_message(WIRE_ERROR, jv_invalid_get_msg(value));
    return run(jq, value);
}

int main(void)
{
    struct wire_question q;
    if (bound_process() != 0)
        return WIRE_NO_BOUNDS;
    bool going = true;
    while (going && read_all(&q, sizeof q)) {
        if (q.program_bytes > WIRE_PROGRAM_BYTES || q.input_bytes > WIRE_TEXT_BYTES)
            break;
        char *program = read_text(q.program_bytes);
        char *input = program ? read_text(q.input_bytes) : NULL;
        going = input && bound_time() == 0 && reply(&q, program, input);
        free(program);
        free(input);
    }
    forget_all();
    return going ? 0 : 1;
}
