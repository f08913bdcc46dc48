/* SPDX-License-Identifier: MIT
 * The API described. */
#include "dashboard/dashboard_openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "dashboard/openapi_answers_model.h"
#include "service/accounts.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

static json_t *schema_of(const struct service_member *m)
{
    switch (m->type) {
    case SERVICE_TEXT:
        return json_pack("{s:s,s:i}", "type", "string", "minLength", 1);
    case SERVICE_LINE:
        return json_pack("{s:s}", "type", "string");
    case SERVICE_NUMBER:
        return json_pack("{s:s,s:i}", "type", "integer", "minimum", 0);
    case SERVICE_FLAG:
        return json_pack("{s:s}", "type", "boolean");
    case SERVICE_LIST:
        return json_pack("{s:s,s:{s:s}}", "type", "array", "items", "type", "string");
    case SERVICE_OBJECT:
        return json_pack("{s:s}", "type", "object");
    case SERVICE_OBJECTS:
        return json_pack("{s:s,s:{s:s}}", "type", "array", "items", "type", "object");
    }
    return json_object();
}

static bool is_in_path(const struct service_row *row, const char *name)
{
    char part[80];
    snprintf(part, sizeof part, "{%s}", name);
    return strstr(row->route, part) != NULL;
}

static bool is_question(const struct service_row *row)
{
    return strcmp(row->method, "GET") == 0 || strcmp(row->method, "DELETE") == 0;
}

/* Members of path and query, and those of the body. */
static void add_members(const struct service_row *row, json_t *parameters, json_t *body)
{
    json_t *properties = json_object_get(body, "properties");
    for (const struct service_member *m = row->members; m->name; m++) {
        bool path = is_in_path(row, m->name);
        json_t *schema = schema_of(m);
        if (path || is_question(row)) {
            (void)json_array_append_new(
                parameters, json_pack("{s:s,s:s,s:b,s:s,s:o}", "name", m->name, "in",
                                      path ? "path" : "query", "required", path || m->required,
                                      "description", m->what, "schema", schema));
            continue;
        }
        (void)json_object_set_new(schema, "description", json_string(m->what));
        (void)json_object_set_new(properties, m->name, schema);
        if (m->required)
            (void)json_array_append_new(json_object_get(body, "required"), json_string(m->name));
    }
}

static json_t *answer(const char *what, const char *type, json_t *schema_take)
{
    return json_pack("{s:s,s:{s:{s:o*}}}", "description", what, "content", type, "schema",
                     schema_take);
}

/* What the row answers with when it is done; without a schema where none is written, which the
 * tests do not let pass. */
static json_t *done(const struct service_row *row, const json_t *known)
{
    const json_t *other = json_object_get(json_object_get(known, "other"), row->name);
    json_t *schema = json_object_get(json_object_get(known, "answers"), row->name);
    if (!other)
        return answer("done", "application/json", json_incref(schema));
    return answer(json_string_value(json_object_get(other, "what")),
                  json_string_value(json_object_get(other, "type")),
                  json_pack("{s:s}", "type", "string"));
}

/* known: openapi_answers.json */
static json_t *operation(const struct service_row *row, const json_t *known)
{
    json_t *parameters = json_array();
    json_t *body = json_pack("{s:s,s:b,s:{},s:[]}", "type", "object", "additionalProperties", 0,
                             "properties", "required");
    json_t *responses = json_pack(
        "{s:o,s:{s:s,s:{s:{s:{s:s}}}}}", "200", done(row, known), "default", "description",
        "it failed", "content", "application/problem+json", "schema", "$ref",
        "#/components/schemas/problem");
    add_members(row, parameters, body);
    bool reads = strcmp(row->method, "GET") == 0;
    if (row->run && reads)
        (void)json_object_set_new(responses, "304",
                                  json_pack("{s:s}", "description", "as If-None-Match names it"));
    else if (row->run)
        (void)json_object_set_new(responses, "202",
                                  answer("it goes on; see /tasks/{task}", "application/json",
                                         json_pack("{s:s}", "$ref", "#/components/schemas/begun")));
    json_t *value = json_pack(
        "{s:s,s:s,s:s*,s:o,s:o}", "operationId", row->name, "summary",
        row->audit ? row->audit : row->name, "x-koppel-role",
        row->role ? accounts_role_name(row->role) : NULL, "parameters", parameters, "responses",
        responses);
    if (!row->role)
        (void)json_object_set_new(value, "security", json_array());
    if (!is_question(row))
        (void)json_object_set_new(
            value, "requestBody",
            json_pack("{s:b,s:{s:{s:O}}}", "required",
                      json_array_size(json_object_get(body, "required")) > 0, "content",
                      "application/json", "schema", body));
    json_decref(body);
    return value;
}

static json_t *paths(dashboard_openapi_next *row_at, const json_t *known)
{
    json_t *all = json_object();
    const struct service_row *row;
    for (int i = 0; (row = row_at(i)); i++) {
        char method[16] = "";
        for (size_t k = 0; row->method[k] && k < sizeof method - 1; k++)
            method[k] = (char)tolower((unsigned char)row->method[k]);
        json_t *path = json_object_get(all, row->route);
        if (!path)
            (void)json_object_set_new(all, row->route, path = json_object());
        (void)json_object_set_new(path, method, operation(row, known));
    }
    return all;
}

json_t *dashboard_openapi(dashboard_openapi_next *row_at)
{
    json_t *known = json_read_text(openapi_answers_model, NULL);
    json_t *value = json_pack(
        "{s:s,s:{s:s,s:s},s:[{s:s}],s:[{s:[]},{s:[]}],s:o,s:{s:O,s:{s:{s:s,s:s},s:{s:s,s:s,s:s}}}}",
        "openapi", "3.1.0", "info", "title", "Koppel", "version", KOPPEL_VERSION, "servers", "url",
        "/api/v1", "security", "token", "session", "paths",
        paths(row_at, known), "components", "schemas",
        json_object_get(known, "schemas"), "securitySchemes", "token", "type", "http", "scheme",
        "bearer", "session", "type", "apiKey", "in", "cookie", "name", "__Host-koppel");
    json_decref(known);
    return value;
}
