/* SPDX-License-Identifier: MIT
 * Sealed JSON. */
#include "store/store_sealed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

int store_sealed_get(struct store *s, const char *name, json_t **out, int64_t *rev,
                     struct koppel_error *err)
{
    struct secret *value = NULL;
    *out = NULL;
    if (s->ops->sealed_get(s, name, &value, rev, err) != 0)
        return -1;
    if (!value)
        return 0;
    *out = json_read(secret_text(value), secret_bytes(value), NULL, NULL);
    secret_free(value);
    if (!*out)
        *out = json_null();
    return 0;
}

int store_sealed_put(struct store *s, const char *name, json_t *value_take, int64_t rev, int *lost,
                     struct koppel_error *err)
{
    size_t bytes = 0;
    char *text = value_take ? json_text(value_take, true, &bytes) : NULL;
    json_decref(value_take);
    if (!text)
        return no_memory(err);
    int rc = s->ops->sealed_put(s, name, text, bytes, rev, lost, err);
    explicit_bzero(text, bytes);
    free(text);
    return rc;
}

struct names {
    json_t *list;
    size_t prefix_bytes;
};

static int add_name(void *arg, const char *name)
{
    struct names *n = arg;
    return json_array_append_new(n->list, json_string_nocheck(name + n->prefix_bytes));
}

json_t *store_sealed_names(struct store *s, const char *prefix, struct koppel_error *err)
{
    struct names n = {json_array(), strlen(prefix)};
    if (!n.list)
        no_memory(err);
    else if (s->ops->sealed_names(s, prefix, add_name, &n, err) == 0)
        return n.list;
    json_decref(n.list);
    return NULL;
}

void store_sealed_text(const json_t *value, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(value, name));
    snprintf(out, room, "%s", text ? text : "");
}
