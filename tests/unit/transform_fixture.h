/* SPDX-License-Identifier: MIT
 * The built transforms, called as a mapping calls them. They are looked for in the directory that
 * KOPPEL_PLUGINS names. */
#ifndef KOPPEL_TESTS_TRANSFORM_FIXTURE_H
#define KOPPEL_TESTS_TRANSFORM_FIXTURE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection/host.h"
#include "unit.h"

/* What a case gives and expects: the value as JSON (' for "), the outcome as JSON or a part of the
 * error. */
struct transform_case {
    const char *via, *value, *gives, *fails;
};

static struct plugins *transforms;
static const struct conf_home transform_home = {"NL", "EUR", "Europe/Amsterdam", "nl"};

static inline void transform_setup(void)
{
    const char *dirs[] = {getenv("KOPPEL_PLUGINS"), NULL};
    struct koppel_error err = {0};
    if (!dirs[0])
        dirs[0] = "plugins";
    transforms = plugins_new(dirs, &host_table, &err);
    ck_assert_msg(transforms != NULL, "%s", err.text);
}

static inline void transform_teardown(void)
{
    plugins_free(transforms);
}

static inline json_t *transform_json(const char *text)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *p = copy; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    json_t *json = json_loads(copy, JSON_DECODE_ANY, NULL);
    ck_assert_msg(json != NULL, "no JSON: %s", text);
    return json;
}

/* value is stolen; args may be NULL. A new reference, NULL with err set. */
static inline json_t *transform_call(const char *name, const json_t *args, json_t *value,
                                     struct koppel_error *err)
{
    struct plugins_call call = {0};
    json_t *out = NULL;
    if (plugins_call_make(transforms, name, args, &call, err) == 0)
        host_convert(&call, value, &transform_home, &out, err);
    plugins_call_done(&call);
    json_decref(value);
    return out;
}

/* "name:arg:arg" with a value. */
static inline json_t *transform_via(const char *via, json_t *value, struct koppel_error *err)
{
    char name[256];
    json_t *args = json_array();
    snprintf(name, sizeof name, "%s", via);
    for (char *arg = strchr(name, ':'); arg;) {
        *arg++ = '\0';
        char *next = strchr(arg, ':');
        json_array_append_new(args,
                              next ? json_stringn(arg, (size_t)(next - arg)) : json_string(arg));
        arg = next;
    }
    json_t *out = transform_call(name, args, value, err);
    json_decref(args);
    return out;
}

static inline void transform_expect(const struct transform_case *c)
{
    struct koppel_error err = {0};
    json_t *out = transform_via(c->via, transform_json(c->value), &err);
    if (c->fails) {
        ck_assert_msg(out == NULL, "%s of %s does not fail", c->via, c->value);
        ck_assert_msg(strstr(err.text, c->fails) != NULL, "%s of %s: %s", c->via, c->value,
                      err.text);
        ck_assert(err.kind == KOPPEL_E_REJECTED || err.kind == KOPPEL_E_CONFIG);
        return;
    }
    ck_assert_msg(out != NULL, "%s of %s: %s", c->via, c->value, err.text);
    json_t *want = transform_json(c->gives);
    char *got = json_dumps(out, JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(out, want), "%s of %s is %s", c->via, c->value, got);
    free(got);
    json_decref(want);
    json_decref(out);
}

/* ---- generated values ---- */

static uint64_t transform_state;

/* Another one each time, or that of KOPPEL_SEED; printed, so that a failure can be had again. */
static inline void transform_seed(void)
{
    const char *given = getenv("KOPPEL_SEED");
    transform_state = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("KOPPEL_SEED=%" PRIu64 "\n", transform_state);
    fflush(stdout);
}

/* Less than limit (splitmix64). */
static inline uint32_t transform_random(uint32_t limit)
{
    uint64_t z = transform_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % limit);
}

#endif
