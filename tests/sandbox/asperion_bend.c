// SPDX-License-Identifier: MIT
// Bends the books' API, so that a difference between a connector and the vendor can be tried:
// members that the published description lacks, demands or has of another type, and members that
// have another name, there and on the wire. A member is named "articles.description", one inside a
// collection "salesorderwithlines.lines.price".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asperion_parts.h"

#define KEY_BYTES 160

const json_t *bend_of(const struct books *b, const char *what, const struct resource *r,
                      const char *name)
{
    char key[KEY_BYTES];
    if (!b->bend)
        return NULL;
    snprintf(key, sizeof key, "%s%s%s", r->path, *name && *name != ':' ? "." : "", name);
    return json_object_get(json_object_get(b->bend, what), key);
}

const char *wire_name(const struct books *b, const struct resource *r, const char *name)
{
    const char *other = json_string_value(bend_of(b, "rename", r, name)),
               *last = strrchr(name, '.');
    return other ? other : last ? last + 1 : name;
}

bool wire_bent(const struct books *b, const struct resource *r)
{
    const char *key;
    json_t *value;
    size_t bytes = strlen(r->path);
    json_object_foreach(json_object_get(b->bend, "rename"), key, value) {
        if (strncmp(key, r->path, bytes) == 0 && key[bytes] == '.')
            return true;
    }
    return false;
}

static void move(json_t *record, const char *from, const char *to)
{
    json_t *value = json_incref(json_object_get(record, from));
    json_object_del(record, from);
    json_object_set_new(record, to, value);
}

static void give(const struct books *b, const struct resource *r, json_t *record,
                 const struct member *members, const char *prefix)
{
    char name[96];
    for (const struct member *m = members; m->name; m++) {
        size_t i;
        json_t *row, *value = json_object_get(record, m->name);
        if (m->rows) {
            snprintf(name, sizeof name, "%s.", m->name);
            json_array_foreach(json_object_get(value, "_data"), i, row)
                give(b, r, row, m->rows, name);
        }
        snprintf(name, sizeof name, "%s%s", prefix, m->name);
        const char *wire = wire_name(b, r, name);
        if (value && strcmp(wire, m->name) != 0)
            move(record, m->name, wire);
    }
}

void wire_give(const struct books *b, const struct resource *r, json_t *record)
{
    if (record && b->bend && wire_bent(b, r))
        give(b, r, record, r->members, "");
}

static void take(struct checks *k, json_t *record, const struct member *members, const char *prefix)
{
    const struct call *c = k->call;
    char name[96];
    for (const struct member *m = members; m->name; m++) {
        snprintf(name, sizeof name, "%s%s", prefix, m->name);
        const char *wire = wire_name(c->books, c->resource, name);
        if (strcmp(wire, m->name) != 0) {
            if (json_object_get(record, m->name))
                mistake_raw(k, name, "is not a known member", "is geen bekend gegeven");
            json_object_del(record, m->name);
            if (json_object_get(record, wire))
                move(record, wire, m->name);
        }
        size_t i;
        json_t *row;
        if (!m->rows)
            continue;
        snprintf(name, sizeof name, "%s.", m->name);
        json_array_foreach(json_object_get(json_object_get(record, m->name), "_data"), i, row)
            take(k, row, m->rows, name);
    }
}

void wire_take(struct checks *k, json_t *record)
{
    if (k->call->books->bend && wire_bent(k->call->books, k->call->resource))
        take(k, record, k->call->resource->members, "");
}

// ---- What is asked for --------------------------------------------------------------------------

// "articles", "articles:post", "articles.brand" or "salesorderwithlines.lines.price".
static bool key_known(const char *key, bool member_only)
{
    static const char *const verbs[] = {":get", ":post", ":put"};
    size_t bytes = strcspn(key, ".:");
    const struct resource *r = resource_named(key, bytes);
    if (!r || strncmp(r->path, key, bytes) != 0)
        return false;
    if (key[bytes] != '.') {
        bool verb = !key[bytes];
        for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
            verb = verb || strcmp(key + bytes, verbs[i]) == 0;
        return verb && !member_only;
    }
    const char *name = key + bytes + 1;
    const struct member *m = member_named(r->members, name, strcspn(name, "."));
    name += strcspn(name, ".");
    if (*name == '.')
        m = m && m->rows ? member_named(m->rows, name + 1, strlen(name + 1)) : NULL;
    return m && strlen(key) < KEY_BYTES;
}

static bool take_list(json_t *bend, const json_t *body, const char *what, bool member_only)
{
    size_t i;
    json_t *entry, *all = json_object(), *given = json_object_get(body, what);
    json_object_set_new(bend, what, all);
    json_array_foreach(given, i, entry) {
        if (!json_is_string(entry) || !key_known(json_string_value(entry), member_only))
            return false;
        json_object_set_new(all, json_string_value(entry), json_true());
    }
    return !given || json_is_array(given);
}

static bool take_map(json_t *bend, const json_t *body, const char *what)
{
    const char *key;
    json_t *value, *all = json_object(), *given = json_object_get(body, what);
    json_object_set_new(bend, what, all);
    json_object_foreach(given, key, value) {
        if (!json_is_string(value) || !key_known(key, true))
            return false;
        json_object_set(all, key, value);
    }
    return !given || json_is_object(given);
}

int swagger_bend(struct books *b, const struct request *req, struct reply *reply)
{
    static const char *const known[] = {"remove", "require", "rename", "type"};
    json_t *body = json_loadb(req->body, req->body_bytes, 0, NULL), *bend = json_object(), *value;
    bool good = json_is_object(body);
    const char *key;
    json_object_foreach(body, key, value) {
        bool here = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            here = here || strcmp(key, known[i]) == 0;
        good = good && here;
    }
    good = good && take_list(bend, body, "remove", false) &&
           take_list(bend, body, "require", true) && take_map(bend, body, "rename") &&
           take_map(bend, body, "type");
    json_decref(body);
    if (!good) {
        json_decref(bend);
        return answer_problem(req, reply, 400,
                              "remove, require, rename and type of known names wanted",
                              "remove, require, rename en type van bekende namen gevraagd", NULL);
    }
    json_decref(b->bend);
    b->bend = bend;
    return answer_json(reply, 200, json_deep_copy(bend));
}
