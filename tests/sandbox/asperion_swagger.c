// SPDX-License-Identifier: MIT
// The published description of the books' API (OpenAPI 3.0), made from the same tables that the
// checks and lists read, so it says exactly what is taken and given.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "asperion_parts.h"

struct writer {
    const struct books *books;
    json_t *schemas, *paths;
};

static json_t *ref(const char *schema, const char *suffix)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s%s", schema, suffix));
}

// ---- Schemas ------------------------------------------------------------------------------------

static json_t *member_type(const struct member *m)
{
    switch (m->kind) {
    case KIND_TEXT: return json_pack("{s:s,s:i}", "type", "string", "maxLength", TEXT_MAX);
    case KIND_LONG_TEXT:
        return json_pack("{s:s,s:i}", "type", "string", "maxLength", LONG_TEXT_MAX);
    case KIND_INTEGER: return json_pack("{s:s,s:s}", "type", "integer", "format", "int64");
    case KIND_MONEY: return json_pack("{s:s,s:s,s:o}", "type", "number", "format", "decimal",
                                      "multipleOf", units_json(1, 2));
    case KIND_DECIMAL: return json_pack("{s:s,s:s,s:o}", "type", "number", "format", "decimal",
                                        "multipleOf", units_json(1, QUANTITY_PLACES));
    case KIND_BOOLEAN: return json_pack("{s:s}", "type", "boolean");
    case KIND_TIME: return json_pack("{s:s,s:s}", "type", "string", "format", "date-time");
    default: return ref(m->row_schema, "Collection");
    }
}

static json_t *member_schema(const struct writer *w, const struct resource *r,
                             const struct member *m, const char *name)
{
    json_t *schema = member_type(m);
    const json_t *other = bend_of(w->books, "type", r, name);
    if (other) {
        json_decref(schema);
        schema = json_pack("{s:s}", "type", json_string_value(other));
    }
    if (m->kind == KIND_COLLECTION && !other)
        return schema; // a reference stands alone
    if (m->flags & MEMBER_NULLABLE)
        json_object_set_new(schema, "nullable", json_true());
    if (m->flags & MEMBER_READ_ONLY)
        json_object_set_new(schema, "readOnly", json_true());
    return schema;
}

static void add_collection(struct writer *w, const char *schema, const char *meta)
{
    char name[96];
    snprintf(name, sizeof name, "%sCollection", schema);
    json_object_set_new(w->schemas, name,
                        json_pack("{s:s,s:[s],s:{s:{s:s,s:o},s:o}}", "type", "object", "required",
                                  "_data", "properties", "_data", "type", "array", "items",
                                  ref(schema, ""), "_meta", ref(meta, "")));
}

static void add_schema(struct writer *w, const struct resource *r, const struct member *members,
                       const char *schema, const char *prefix)
{
    json_t *properties = json_object(), *required = json_array();
    char name[96];
    for (const struct member *m = members; m->name; m++) {
        if (m->rows) {
            snprintf(name, sizeof name, "%s.", m->name);
            add_schema(w, r, m->rows, m->row_schema, name);
            add_collection(w, m->row_schema, "NestedMeta");
        }
        snprintf(name, sizeof name, "%s%s", prefix, m->name);
        if (bend_of(w->books, "remove", r, name))
            continue;
        const char *wire = wire_name(w->books, r, name);
        json_object_set_new(properties, wire, member_schema(w, r, m, name));
        if ((m->flags & MEMBER_REQUIRED) || bend_of(w->books, "require", r, name))
            json_array_append_new(required, json_string(wire));
    }
    json_object_set_new(properties, "_meta", ref("ResourceMeta", ""));
    json_t *whole = json_pack("{s:s,s:b,s:o}", "type", "object", "additionalProperties", 0,
                              "properties", properties);
    if (json_array_size(required))
        json_object_set(whole, "required", required);
    json_decref(required);
    json_object_set_new(w->schemas, schema, whole);
}

static void add_common_schemas(struct writer *w)
{
    json_object_set_new(
        w->schemas, "ListMeta",
        json_pack(
            "{s:s,s:{s:{s:s},s:{s:s},s:{s:s},s:{s:s,s:b},s:{s:s,s:b},s:{s:s},s:{s:s},s:{s:s}}}",
            "type", "object", "properties", "administrationId", "type", "integer",
            "administrationName", "type", "string", "profileName", "type", "string", "previousPage",
            "type", "string", "nullable", 1, "nextPage", "type", "string", "nullable", 1,
            "totalCount", "type", "integer", "pageCount", "type", "integer", "self", "type",
            "string"));
    json_object_set_new(w->schemas, "NestedMeta", json_pack("{s:s,s:{s:{s:s}}}", "type", "object",
        "properties", "totalCount", "type", "integer"));
    json_object_set_new(w->schemas, "ResourceMeta",
                        json_pack("{s:s,s:b,s:{s:{s:s}}}", "type", "object", "additionalProperties",
                                  1, "properties", "self", "type", "string"));
    json_object_set_new(
        w->schemas, "ProblemDetails",
        json_pack("{s:s,s:{s:{s:s},s:{s:s},s:{s:s},s:{s:s},s:{s:s,s:{s:s,s:{s:s}}}}}", "type",
                  "object", "properties", "title", "type", "string", "status", "type", "integer",
                  "detail", "type", "string", "traceId", "type", "string", "errors", "type",
                  "object", "additionalProperties", "type", "array", "items", "type", "string"));
}

// ---- Paths --------------------------------------------------------------------------------------

static json_t *parameter(const char *name, const char *in, const char *type, bool required)
{
    return json_pack("{s:s,s:s,s:b,s:{s:s}}", "name", name, "in", in, "required", required,
                     "schema", "type", type);
}

static json_t *enumerated(const char *name, const char *values)
{
    json_t *list = json_array();
    for (const char *p = values; *p; p += strcspn(p, " "), p += *p == ' ')
        json_array_append_new(list, json_stringn(p, strcspn(p, " ")));
    return json_pack("{s:s,s:s,s:{s:s,s:o}}", "name", name, "in", "query", "schema", "type",
                     "string", "enum", list);
}

static json_t *parameters(void)
{
    json_t *list = json_array();
    json_array_append_new(list, parameter("X-Tenant-Id", "header", "integer", false));
    json_array_append_new(list, parameter("Accept-Language", "header", "string", false));
    return list;
}

static void add_filter(struct writer *w, const struct resource *r, const struct filter *f,
                       json_t *list)
{
    char name[96], more[112];
    const char *field = f->field ? f->field : f->name, *wire = wire_name(w->books, r, field);
    snprintf(name, sizeof name, "%s", strcmp(wire, field) == 0 ? f->name : wire);
    name[0] = (char)toupper((unsigned char)name[0]);
    json_array_append_new(list,
                          parameter(name, "query", f->kind == FILTER_NUMBER ? "number" : "string",
                                    r->required_filter && strcmp(name, r->required_filter) == 0));
    if (f->kind == FILTER_TEXT) {
        snprintf(more, sizeof more, "%s_comparison", name);
        json_array_append_new(list,
                              enumerated(more, "Contains Equals NotEquals StartsWith EndsWith"));
    }
    for (int i = 0; f->kind == FILTER_DATE && i < 2; i++) {
        snprintf(more, sizeof more, "%s%s", name, i ? "_to" : "_from");
        json_array_append_new(list, parameter(more, "query", "string", false));
    }
}

static json_t *content(json_t *schema)
{
    return json_pack("{s:{s:o}}", "application/json", "schema", schema);
}

static json_t *responses(json_t *good, const char *status)
{
    static const char *const problems[] = {"400", "401", "403", "404"};
    json_t *all =
        json_pack("{s:{s:s,s:o}}", status, "description", "Success", "content", content(good));
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        json_object_set_new(all, problems[i],
                            json_pack("{s:s,s:o}", "description", "Problem", "content",
                                      content(ref("ProblemDetails", ""))));
    return all;
}

static json_t *list_operation(struct writer *w, const struct resource *r)
{
    json_t *list = parameters();
    json_array_append_new(list, parameter("page", "query", "integer", false));
    json_array_append_new(list, parameter("pageSize", "query", "integer", false));
    json_array_append_new(list, parameter("fields", "query", "string", false));
    json_array_append_new(list, parameter("orderBy", "query", "string", false));
    json_array_append_new(list, parameter("metaOnly", "query", "boolean", false));
    if (r->rows == ROWS_ARTICLES)
        json_array_append_new(list, enumerated("ActiveState", "Active Inactive All"));
    for (const struct filter *f = r->filters; f->name; f++)
        add_filter(w, r, f, list);
    return json_pack("{s:[s],s:o,s:o}", "tags", r->schema, "parameters", list, "responses",
                     responses(ref(r->schema, "Collection"), "200"));
}

static json_t *id_parameter(void)
{
    return json_pack("{s:s,s:s,s:b,s:{s:s,s:s}}", "name", "id", "in", "path", "required", 1,
                     "schema", "type", "integer", "format", "int64");
}

static json_t *get_operation(const struct resource *r)
{
    json_t *list = parameters();
    json_array_append_new(list, id_parameter());
    return json_pack("{s:[s],s:o,s:o}", "tags", r->schema, "parameters", list, "responses",
                     responses(ref(r->schema, ""), "200"));
}

static json_t *write_operation(const struct resource *r, bool create)
{
    json_t *list = parameters();
    if (!create)
        json_array_append_new(list, id_parameter());
    json_array_append_new(list, parameter("validateOnly", "query", "boolean", false));
    return json_pack("{s:[s],s:o,s:{s:b,s:o},s:o}", "tags", r->schema, "parameters", list,
                     "requestBody", "required", 1, "content", content(ref(r->schema, "")),
                     "responses", responses(ref(r->schema, ""), create ? "201" : "200"));
}

static bool has(const struct writer *w, const struct resource *r, unsigned can, const char *verb)
{
    return (r->can & can) && !bend_of(w->books, "remove", r, verb);
}

static void add_paths(struct writer *w, const struct resource *r)
{
    char path[128];
    const char *shown = r->shown ? r->shown : r->path;
    json_t *whole = json_object(), *one = json_object();
    if (!bend_of(w->books, "remove", r, ":get"))
        json_object_set_new(whole, "get", list_operation(w, r));
    if (has(w, r, CAN_POST, ":post"))
        json_object_set_new(whole, "post", write_operation(r, true));
    if (has(w, r, CAN_GET, ":get"))
        json_object_set_new(one, "get", get_operation(r));
    if (has(w, r, CAN_PUT, ":put"))
        json_object_set_new(one, "put", write_operation(r, false));
    snprintf(path, sizeof path, "/v1/%s", shown);
    json_object_set_new(w->paths, path, whole);
    snprintf(path, sizeof path, "/v1/%s%s{id}", shown, shown[strlen(shown) - 1] == '/' ? "" : "/");
    if (json_object_size(one))
        json_object_set(w->paths, path, one);
    json_decref(one);
}

int swagger_show(struct books *b, const struct request *req, struct reply *reply)
{
    struct writer w = {b, json_object(), json_object()};
    char base[256];
    reply->operation = "swagger";
    call_base_url(b, req, base, sizeof base);
    add_common_schemas(&w);
    for (int i = 0; i < R_COUNT; i++) {
        const struct resource *r = &resources[i];
        if (bend_of(b, "remove", r, ""))
            continue;
        add_paths(&w, r);
        add_schema(&w, r, r->members, r->schema, "");
        add_collection(&w, r->schema, "ListMeta");
    }
    return answer_json(reply, 200,
                       json_pack("{s:s,s:{s:s,s:s},s:[{s:s}],s:o,s:{s:o,s:{s:{s:s,s:s}}}}",
                                 "openapi", "3.0.1", "info", "title", "Books of the sandbox",
                                 "version", "v1", "servers", "url", base, "paths", w.paths,
                                 "components", "schemas", w.schemas, "securitySchemes", "bearer",
                                 "type", "http", "scheme", "bearer"));
}
