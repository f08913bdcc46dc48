/* SPDX-License-Identifier: MIT
 * See openapi.h. Every walk has a bound: the document is somebody else's. */
#include "openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REF_DEPTH_MAX 16 /* references inside one another */
#define PARTS_MAX 200    /* of one schema: what allOf, oneOf and anyOf put together */
#define NAME_BYTES 96    /* of names that are compared letter by letter */
#define TEXT_BYTES 512

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- References ---- */

/* "#/components/schemas/Article"; ~1 is a slash and ~0 a tilde. */
static const json_t *at_pointer(const json_t *doc, const char *pointer)
{
    char part[TEXT_BYTES];
    const json_t *here = doc;
    if (strncmp(pointer, "#/", 2) != 0)
        return NULL;
    for (pointer += 2; here; pointer++) {
        size_t n = 0;
        for (; *pointer && *pointer != '/'; pointer++) {
            if (n + 1 >= sizeof part)
                return NULL;
            part[n++] = *pointer;
            if (*pointer == '~' && (pointer[1] == '0' || pointer[1] == '1'))
                part[n - 1] = *++pointer == '0' ? '~' : '/';
        }
        part[n] = '\0';
        here = json_object_get(here, part);
        if (!*pointer)
            return here;
    }
    return NULL;
}

const json_t *openapi_resolve(const json_t *doc, const json_t *any)
{
    for (int i = 0; any && i < REF_DEPTH_MAX; i++) {
        const char *pointer = text_of(any, "$ref");
        if (!*pointer)
            return any;
        any = at_pointer(doc, pointer);
    }
    return NULL;
}

/* ---- Paths ---- */

/* What stands before every path: basePath, or the path of the first server. */
static void base_path(const json_t *doc, char *out, size_t bytes)
{
    const char *base = text_of(doc, "basePath");
    const char *url = text_of(json_array_get(json_object_get(doc, "servers"), 0), "url");
    const char *host = strstr(url, "://");
    if (host) {
        const char *slash = strchr(host + 3, '/');
        base = slash ? slash : "";
    } else if (*url) {
        base = url;
    }
    size_t n = strlen(base);
    while (n > 0 && base[n - 1] == '/')
        n--;
    snprintf(out, bytes, "%.*s", (int)n, base);
}

static bool same_part(const char *wanted, size_t nw, const char *is, size_t ni)
{
    bool any = ni > 1 && is[ni - 1] == '}';
    if (any && is[0] == '{')
        return nw > 1 && wanted[0] == '{';
    if (any && strncasecmp(is, "v{", 2) == 0)
        return nw == 2 && strncasecmp(wanted, "v1", 2) == 0;
    return nw == ni && strncasecmp(wanted, is, nw) == 0;
}

static bool same_path(const char *wanted, const char *is)
{
    for (;;) {
        wanted += strspn(wanted, "/");
        is += strspn(is, "/");
        size_t nw = strcspn(wanted, "/"), ni = strcspn(is, "/");
        if (nw == 0 || ni == 0)
            return nw == ni;
        if (!same_part(wanted, nw, is, ni))
            return false;
        wanted += nw;
        is += ni;
    }
}

const json_t *openapi_path(const json_t *doc, const char *path)
{
    char base[TEXT_BYTES], whole[2 * TEXT_BYTES];
    const char *key;
    json_t *item;
    base_path(doc, base, sizeof base);
    json_object_foreach(json_object_get(doc, "paths"), key, item) {
        snprintf(whole, sizeof whole, "%s/%s", base, key);
        if (same_path(path, whole))
            return openapi_resolve(doc, item);
    }
    return NULL;
}

/* ---- Nearness ---- */

static int least(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many letters to add, drop or change; letter case does not count. */
static int distance(const char *a, const char *b)
{
    int row[NAME_BYTES + 1];
    int na = (int)strlen(a), nb = (int)strlen(b);
    if (na > NAME_BYTES || nb > NAME_BYTES)
        return NAME_BYTES;
    for (int i = 0; i <= nb; i++)
        row[i] = i;
    for (int i = 1; i <= na; i++) {
        int before = row[0];
        row[0] = i;
        for (int k = 1; k <= nb; k++) {
            int same = strncasecmp(a + i - 1, b + k - 1, 1) == 0 ? 0 : 1;
            int next = least(row[k] + 1, row[k - 1] + 1, before + same);
            before = row[k];
            row[k] = next;
        }
    }
    return row[nb];
}

/* Keeps the nearer of two names, where it is near at all. */
static void keep_nearer(const char *wanted, const char *name, const char **best, int *best_distance)
{
    int limit = (int)strlen(wanted) / 3;
    int d = distance(wanted, name);
    if (d <= (limit > 1 ? limit : 1) && (!*best || d < *best_distance)) {
        *best = name;
        *best_distance = d;
    }
}

const char *openapi_near_path(const json_t *doc, const char *path)
{
    const char *key, *best = NULL;
    int best_distance = 0;
    json_t *item;
    json_object_foreach(json_object_get(doc, "paths"), key, item) {
        if (!strchr(key, '{'))
            keep_nearer(path, key, &best, &best_distance);
    }
    return best;
}

/* ---- Operations ---- */

static const json_t *query_in(const json_t *doc, const json_t *owner, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(owner, "parameters"), i, one) {
        const json_t *p = openapi_resolve(doc, one);
        if (strcmp(text_of(p, "in"), "query") == 0 && strcasecmp(text_of(p, "name"), name) == 0)
            return p;
    }
    return NULL;
}

const json_t *openapi_query(const json_t *doc, const json_t *item, const json_t *operation,
                            const char *name)
{
    const json_t *found = query_in(doc, operation, name);
    return found ? found : query_in(doc, item, name);
}

/* The schema of a "content" object: that of JSON in whatever spelling. */
static const json_t *content_schema(const json_t *doc, const json_t *content)
{
    const char *type;
    json_t *media;
    json_object_foreach((json_t *)content, type, media) {
        if (strstr(type, "json"))
            return openapi_resolve(doc, json_object_get(media, "schema"));
    }
    return NULL;
}

const json_t *openapi_body(const json_t *doc, const json_t *operation)
{
    size_t i;
    json_t *one;
    const json_t *body = openapi_resolve(doc, json_object_get(operation, "requestBody"));
    if (body)
        return content_schema(doc, json_object_get(body, "content"));
    json_array_foreach(json_object_get(operation, "parameters"), i, one) {
        const json_t *p = openapi_resolve(doc, one);
        if (strcmp(text_of(p, "in"), "body") == 0)
            return openapi_resolve(doc, json_object_get(p, "schema"));
    }
    return NULL;
}

const json_t *openapi_answer(const json_t *doc, const json_t *operation)
{
    static const char *const codes[] = {"200", "201", "default"};
    const json_t *responses = json_object_get(operation, "responses");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const json_t *answer = openapi_resolve(doc, json_object_get(responses, codes[i]));
        const json_t *schema = json_object_get(answer, "schema");
        schema = schema ? openapi_resolve(doc, schema)
                        : content_schema(doc, json_object_get(answer, "content"));
        if (schema)
            return schema;
    }
    return NULL;
}

/* ---- Schemas ---- */

/* Calls visit for the schema and for everything that allOf adds to it; stops where it gives true.
 * left: how many parts may still be looked at, as a schema may hold itself. */
static bool each_part(const json_t *doc, const json_t *schema, int *left,
                      bool (*visit)(void *arg, const json_t *part), void *arg)
{
    size_t i;
    json_t *one;
    schema = openapi_resolve(doc, schema);
    if (!schema || (*left)-- <= 0)
        return false;
    if (visit(arg, schema))
        return true;
    json_array_foreach(json_object_get(schema, "allOf"), i, one) {
        if (each_part(doc, one, left, visit, arg))
            return true;
    }
    return false;
}

struct member_search {
    const char *name;
    const json_t *found;
    const char *best;
    int best_distance;
};

static bool member_is(void *arg, const json_t *part)
{
    struct member_search *s = arg;
    s->found = json_object_get(json_object_get(part, "properties"), s->name);
    return s->found != NULL;
}

const json_t *openapi_member(const json_t *doc, const json_t *schema, const char *name)
{
    struct member_search s = {.name = name};
    int left = PARTS_MAX;
    each_part(doc, schema, &left, member_is, &s);
    return openapi_resolve(doc, s.found);
}

static bool member_near(void *arg, const json_t *part)
{
    struct member_search *s = arg;
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(part, "properties"), name, value)
        keep_nearer(s->name, name, &s->best, &s->best_distance);
    return false;
}

const char *openapi_near_member(const json_t *doc, const json_t *schema, const char *name)
{
    struct member_search s = {.name = name};
    int left = PARTS_MAX;
    each_part(doc, schema, &left, member_near, &s);
    return s.best;
}

struct required_visit {
    void (*visit)(void *arg, const char *name);
    void *arg;
};

static bool required_of(void *arg, const json_t *part)
{
    struct required_visit *v = arg;
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(part, "required"), i, name) {
        if (json_is_string(name))
            v->visit(v->arg, json_string_value(name));
    }
    return false;
}

void openapi_required(const json_t *doc, const json_t *schema,
                      void (*visit)(void *arg, const char *name), void *arg)
{
    struct required_visit v = {visit, arg};
    int left = PARTS_MAX;
    each_part(doc, schema, &left, required_of, &v);
}

struct type_search {
    const json_t *doc;
    const char *type;
    const char *named; /* a type that was seen */
    bool allows;
    int left;
};

static void type_seen(struct type_search *s, const char *type)
{
    s->named = type;
    s->allows = s->allows || strcmp(type, s->type) == 0 ||
                (strcmp(type, "number") == 0 && strcmp(s->type, "integer") == 0);
}

static bool type_is(void *arg, const json_t *part)
{
    static const char *const choices[] = {"oneOf", "anyOf"};
    struct type_search *s = arg;
    size_t i;
    json_t *one;
    const json_t *type = json_object_get(part, "type");
    if (json_is_string(type))
        type_seen(s, json_string_value(type));
    else if (!json_is_array(type) && json_object_get(part, "properties"))
        type_seen(s, "object");
    json_array_foreach((json_t *)type, i, one) {
        if (json_is_string(one) && strcmp(json_string_value(one), "null") != 0)
            type_seen(s, json_string_value(one));
    }
    for (int k = 0; k < 2; k++) {
        json_array_foreach(json_object_get(part, choices[k]), i, one)
            each_part(s->doc, one, &s->left, type_is, s);
    }
    return s->allows;
}

bool openapi_allows(const json_t *doc, const json_t *schema, const char *type)
{
    struct type_search s = {.doc = doc, .type = type, .left = PARTS_MAX};
    each_part(doc, schema, &s.left, type_is, &s);
    return s.allows || !s.named;
}

const char *openapi_type(const json_t *doc, const json_t *schema)
{
    struct type_search s = {.doc = doc, .type = "", .left = PARTS_MAX};
    each_part(doc, schema, &s.left, type_is, &s);
    return s.named ? s.named : "anything";
}
