/* SPDX-License-Identifier: MIT
 * A path on the first line, a record below it: what a path names is found, and what is put there
 * is found again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* What path_each showed. */
struct seen {
    int count;
    json_t *first; /* borrowed */
};

static int see(void *arg, json_t *value)
{
    struct seen *seen = arg;
    if (seen->count++ == 0)
        seen->first = value;
    return 0;
}

static void get(const struct path *p, const json_t *record)
{
    struct seen seen = {0, NULL};
    json_t *one = path_get(p, record);
    must(path_each(p, record, see, &seen) == 0);
    if (!path_is_plural(p))
        must(seen.count == (one != NULL) && seen.first == one);
    if (one && path_is_plural(p))
        must(seen.count > 0);
}

static void set(const struct path *p, const json_t *record)
{
    json_t *copy = json_deep_copy(record), *value = json_pack("{s:s}", "new", "value");
    int rc = path_set_take(p, copy, json_incref(value));
    if (rc == 0 && !path_is_plural(p))
        must(json_equal(path_get(p, copy), value));
    if (rc == 0 && path_is_plural(p) && path_get(p, copy))
        must(json_equal(path_get(p, copy), value));
    json_decref(copy);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct koppel_error err = {0};
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *end = strchr(text, '\n');
    if (end)
        *end = '\0';
    struct path *p = path_parse(text, &err);
    must(p ? strcmp(path_text(p), text) == 0 : err.kind == KOPPEL_E_CONFIG && err.text[0]);
    json_t *record = end ? json_read_text(end + 1, NULL) : NULL;
    if (p && json_is_object(record)) {
        get(p, record);
        set(p, record);
    }
    json_decref(record);
    path_free(p);
    free(text);
    return 0;
}
