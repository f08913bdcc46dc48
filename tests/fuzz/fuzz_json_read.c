/* SPDX-License-Identifier: MIT
 * Any text: what Jansson reads is read the same, what Jansson refuses is refused, what is read can
 * be written and read again, and a list loses no element. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"

#define DEPTH 100 /* enough to be tried, little enough to be reached */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const struct json_read_limits limits = {.depth = DEPTH};

static void must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static int same_number(const json_t *theirs, const json_t *ours)
{
    char *end;
    if (!json_is_string(ours))
        return 0;
    double value = strtod(json_string_value(ours), &end);
    return !*end && value == json_real_value(theirs);
}

static int same(const json_t *theirs, const json_t *ours)
{
    const char *name;
    json_t *value;
    size_t i;
    if (json_is_real(theirs))
        return same_number(theirs, ours);
    if (json_typeof(theirs) != json_typeof(ours))
        return 0;
    if (json_is_object(theirs)) {
        if (json_object_size(theirs) != json_object_size(ours))
            return 0;
        json_object_foreach((json_t *)(uintptr_t)theirs, name, value)
            if (!same(value, json_object_get(ours, name)))
                return 0;
        return 1;
    }
    if (json_is_array(theirs)) {
        if (json_array_size(theirs) != json_array_size(ours))
            return 0;
        json_array_foreach(theirs, i, value)
            if (!same(value, json_array_get(ours, i)))
                return 0;
        return 1;
    }
    return json_equal(theirs, ours);
}

/* Jansson has no byte order mark and no numbers beyond its types; it has any exponent that a double
 * has, any depth up to its own limit, and overlooks a NUL behind a number. */
static void as_jansson(const char *text, size_t bytes, const json_t *ours,
                       const struct json_read_error *error)
{
    json_error_t theirs;
    if (memchr(text, '\0', bytes)) {
        must(!ours, "NUL was read");
        return;
    }
    size_t mark = bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *value = json_loadb(text + mark, bytes - mark, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
                               &theirs);
    if (value && ours)
        must(same(value, ours), "another value than Jansson's");
    else if (value)
        must(strstr(error->text, "nested too deep") || strstr(error->text, "exponent"),
             "refused, though Jansson reads it");
    else if (ours)
        must(json_error_code(&theirs) == json_error_numeric_overflow,
             "read, though Jansson refuses it");
    json_decref(value);
}

static void again(const json_t *value)
{
    struct json_read_error error;
    size_t bytes;
    char *text = json_text(value, false, &bytes);
    must(text != NULL, "what was read cannot be written");
    json_t *second = json_read(text, bytes, &limits, &error);
    must(second && json_equal(value, second), "what was written is read as another value");
    json_decref(second);
    free(text);
}

struct seen {
    const char *text, *end;
    size_t count, last;
};

static void see(const struct json_read_bad *bad, void *user)
{
    struct seen *s = user;
    must(bad->raw >= s->text && bad->raw_bytes > 0 && bad->raw + bad->raw_bytes <= s->end,
         "a bad element outside the text");
    must(s->count == 0 || bad->index > s->last, "bad elements out of order");
    must(bad->error.offset >= (size_t)(bad->raw - s->text)
             && bad->error.offset < (size_t)(bad->raw + bad->raw_bytes - s->text),
         "the place of the error is outside the element");
    json_t *alone = json_read(bad->raw, bad->raw_bytes, &limits, NULL);
    must(!alone || strstr(bad->error.text, "nested too deep"), "a bad element that can be read");
    json_decref(alone);
    s->last = bad->index;
    s->count++;
}

static void as_list(const char *text, size_t bytes, const char *path, const json_t *whole)
{
    struct seen seen = {.text = text, .end = text + bytes};
    struct json_read_list list = {.path = path, .bad = see, .user = &seen};
    struct json_read_error error;
    json_t *value = json_read_list(text, bytes, &limits, &list, &error);
    if (whole)
        must(value && seen.count == 0 && json_equal(value, whole), "the list is another value");
    else
        must(!value == (seen.count == 0), "a list that cannot be read without a bad element");
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct json_read_error error;
    char *text = calloc(1, bytes ? bytes : 1);
    if (!text)
        return 0;
    if (bytes)
        memcpy(text, data, bytes);
    json_t *value = json_read(text, bytes, &limits, &error);
    must(value || (error.text[0] && error.offset <= bytes && error.line > 0 && error.column > 0),
         "an error without its place");
    as_jansson(text, bytes, value, &error);
    if (value)
        again(value);
    as_list(text, bytes, "", value);
    as_list(text, bytes, "_data", value);
    json_decref(value);
    free(text);
    return 0;
}
