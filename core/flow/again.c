/* SPDX-License-Identifier: MIT
 * Orders to read again, in the store. */
#include "flow/again.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"

#define KIND "again"
#define NAME_BYTES 200

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static void note_name(const char *prefix, const char *flow, char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, "%s/%.150s", prefix, flow);
}

/* ---- what was ordered ---- */

/* The number of the flow's order; 0: it has none. */
static int number_of(struct store *s, const char *flow, json_int_t *id, struct koppel_error *err)
{
    char name[NAME_BYTES], *text = NULL;
    note_name("again", flow, name);
    *id = 0;
    if (s->ops->note_get(s, name, &text, err) != 0)
        return -1;
    *id = text ? strtoll(text, NULL, 10) : 0;
    free(text);
    return 0;
}

struct wanted {
    json_int_t id;
    json_t *order;
};

static int take_entry(void *arg, const struct store_entry *e)
{
    struct wanted *w = arg;
    if (e->seq == w->id && e->body)
        w->order = json_read(e->body, e->body_bytes, NULL, NULL);
    return 1;
}

/* *order: NULL where it is not there any more. */
static int order_of(struct store *s, const char *flow, json_int_t id, json_t **order,
                    struct koppel_error *err)
{
    struct wanted w = {.id = id};
    struct store_entry_filter filter = {
        .kind = KIND, .subject = flow, .before = id + 1, .limit = 1};
    *order = NULL;
    if (id > 0 && s->ops->entries(s, &filter, take_entry, &w, err) < 0)
        return -1;
    *order = w.order;
    return 0;
}

/* ---- how far it came ---- */

static json_t *at_start(json_int_t id)
{
    return json_pack("{s:I,s:n,s:i,s:i,s:n,s:i,s:[],s:b}", "id", id, "place", "looked", 0, "taken",
                     0, "total", "unknown", 0, "names", "over", 0);
}

static int place_of(struct store *s, const char *flow, json_int_t id, json_t **at,
                    struct koppel_error *err)
{
    char name[NAME_BYTES], *text = NULL;
    note_name("again.at", flow, name);
    *at = NULL;
    if (s->ops->note_get(s, name, &text, err) != 0)
        return -1;
    if (text)
        *at = json_read(text, strlen(text), NULL, NULL);
    free(text);
    if (*at && json_integer_value(json_object_get(*at, "id")) == id)
        return 0;
    json_decref(*at);
    *at = at_start(id);
    return *at ? 0 : no_memory(err);
}

int again_keep(struct store *s, const char *flow, const json_t *at, struct koppel_error *err)
{
    char name[NAME_BYTES], *text = json_text(at, false, NULL);
    note_name("again.at", flow, name);
    int rc = text ? s->ops->note_put_soon(s, name, text, err) : no_memory(err);
    free(text);
    return rc;
}

/* ---- orders ---- */

static bool is_over(const json_t *at)
{
    return json_is_true(json_object_get(at, "over"));
}

int again_get(struct store *s, const char *flow, json_t **order, json_t **at,
              struct koppel_error *err)
{
    json_int_t id;
    *order = *at = NULL;
    if (number_of(s, flow, &id, err) != 0 || id == 0)
        return id == 0 ? 0 : -1;
    if (place_of(s, flow, id, at, err) != 0)
        return -1;
    if (!is_over(*at) && order_of(s, flow, id, order, err) != 0) {
        json_decref(*at);
        *at = NULL;
        return -1;
    }
    if (!*order) {
        json_decref(*at);
        *at = NULL;
    }
    return 0;
}

int again_is(struct store *s, const char *flow, json_int_t id, bool *is, struct koppel_error *err)
{
    json_int_t now;
    *is = false;
    if (number_of(s, flow, &now, err) != 0)
        return -1;
    *is = now == id;
    return 0;
}

static int put_new(struct store *s, const char *flow, const char *who, const json_t *body,
                   struct koppel_error *err)
{
    char name[NAME_BYTES], number[24];
    int64_t id = 0;
    size_t bytes = 0;
    char *text = json_text(body, false, &bytes);
    struct store_entry entry = {
        .kind = KIND, .who = who, .subject = flow, .body = text, .body_bytes = bytes};
    int rc = text ? s->ops->entry_forget(s, KIND, flow, err) : no_memory(err);
    if (rc == 0)
        rc = s->ops->entry_add(s, &entry, &id, err);
    free(text);
    snprintf(number, sizeof number, "%lld", (long long)id);
    note_name("again", flow, name);
    return rc == 0 ? s->ops->note_put(s, name, number, err) : -1;
}

int again_put(struct store *s, const char *flow, const char *who, const struct again_order *order,
              struct koppel_error *err)
{
    json_t *was, *at;
    json_t *body = json_pack("{s:s?,s:O?,s:s?}", "since", order->since, "keys", order->keys, "how",
                             order->how);
    int rc = body ? again_get(s, flow, &was, &at, err) : no_memory(err);
    if (rc == 0) {
        bool same = was && json_equal(was, body);
        json_decref(was);
        json_decref(at);
        rc = same ? 0 : put_new(s, flow, who, body, err);
    }
    json_decref(body);
    return rc;
}

int again_state(struct store *s, const char *flow, json_t **out, struct koppel_error *err)
{
    json_int_t id;
    *out = NULL;
    if (number_of(s, flow, &id, err) != 0)
        return -1;
    if (id == 0) {
        *out = json_null();
        return 0;
    }
    if (place_of(s, flow, id, out, err) != 0)
        return -1;
    json_object_del(*out, "id");
    json_object_del(*out, "place");
    return 0;
}
