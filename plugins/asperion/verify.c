/* SPDX-License-Identifier: MIT
 * The catalogue against the description of the service; see verify.h. */
#include "verify.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "choices.h"
#include "debtor.h"
#include "entity.h"
#include "openapi.h"
#include "records.h"

#define OPERATION_BYTES 200
#define NAME_BYTES 200
#define TEXT_BYTES 500

struct verify {
    struct asperion *a;
    const struct entity_use *use;
    const json_t *doc;
    json_t *found; /* what differs: {"field or operation": {"text": "where"}} */
    char path[ENTITY_PATH_BYTES + 8]; /* as the description writes it, with /v1 */
};

/* ---- The findings ---- */

/* The same about several operations becomes one finding. */
static void finding(struct verify *v, const char *name, const char *where, const char *text)
{
    char both[TEXT_BYTES];
    json_t *of = json_object_get(v->found, name);
    if (!of) {
        of = json_object();
        json_object_set_new(v->found, name, of);
    }
    const char *before = koppel_get_text(of, text, "");
    snprintf(both, sizeof both, "%s%s%s", before, *before ? ", " : "", where);
    json_object_set_new(of, text, json_string(both));
}

static int report(struct verify *v, struct koppel_list *out, struct koppel_error *err)
{
    char line[2 * TEXT_BYTES];
    const char *name, *text;
    json_t *of, *where;
    json_object_foreach(v->found, name, of) {
        json_object_foreach(of, text, where) {
            const char *operations = json_string_value(where);
            snprintf(line, sizeof line, "%s%s%s", operations, *operations ? " " : "", text);
            if (v->a->host->row(out, name, line, err) != 0)
                return -1;
        }
    }
    return 0;
}

/* ---- Fields ---- */

static const char *sent_type(const char *type)
{
    if (strcmp(type, "decimal") == 0)
        return "number";
    if (strcmp(type, "integer") == 0 || strcmp(type, "boolean") == 0)
        return type;
    return strcmp(type, "list") == 0 || strcmp(type, "object") == 0 ? "object" : "string";
}

/* What is read may be a number or a text alike; dates, switches and structures may not. */
static bool can_be_read(const json_t *doc, const json_t *schema, const char *type)
{
    const char *wanted = sent_type(type);
    if (strcmp(type, "date") != 0 && strcmp(type, "time") != 0 && strcmp(type, "boolean") != 0 &&
        strcmp(wanted, "object") != 0)
        return openapi_allows(doc, schema, "string") || openapi_allows(doc, schema, "integer");
    return openapi_allows(doc, schema, wanted) ||
           (strcmp(type, "list") == 0 && openapi_allows(doc, schema, "array"));
}

/* The schema of what a collection, or a bare list, holds. */
static const json_t *inside_list(const json_t *doc, const json_t *schema)
{
    const json_t *data = openapi_member(doc, schema, "_data");
    return openapi_resolve(doc, json_object_get(data ? data : schema, "items"));
}

static void compare_fields(struct verify *v, json_t *fields, const json_t *schema,
                           const char *prefix, const char *where, bool sent);

static void field_missing(struct verify *v, const json_t *field, const json_t *schema,
                          const char *name, const char *where)
{
    char text[TEXT_BYTES];
    const char *wire = koppel_get_text(field, "wire", koppel_get_text(field, "name", ""));
    const char *near = openapi_near_member(v->doc, schema, wire);
    snprintf(text, sizeof text, near ? "has no \"%s\"; the nearest is \"%s\"" : "has no \"%s\"",
             wire, near);
    finding(v, name, where, text);
}

static void compare_field(struct verify *v, const json_t *field, const json_t *schema,
                          const char *name, const char *where, bool sent)
{
    char text[TEXT_BYTES];
    const char *type = koppel_get_text(field, "type", "text");
    const char *wire = koppel_get_text(field, "wire", koppel_get_text(field, "name", ""));
    json_t *inside = json_object_get(field, "fields");
    const json_t *member = openapi_member(v->doc, schema, wire);
    bool list = strcmp(type, "list") == 0;
    if (!member) {
        field_missing(v, field, schema, name, where);
        return;
    }
    if (sent ? !openapi_allows(v->doc, member, sent_type(type))
             : !can_be_read(v->doc, member, type)) {
        snprintf(text, sizeof text, "has \"%s\" as %s, here it is %s", wire,
                 openapi_type(v->doc, member), list ? "a collection with _data" : sent_type(type));
        finding(v, name, where, text);
    } else if (sent && list && !openapi_member(v->doc, member, "_data")) {
        snprintf(text, sizeof text, "has no _data in \"%s\"", wire);
        finding(v, name, where, text);
    } else if (inside) {
        const json_t *below = list ? inside_list(v->doc, member) : member;
        char prefix[NAME_BYTES + 4];
        snprintf(prefix, sizeof prefix, "%s%s.", name, list ? "[]" : "");
        if (below)
            compare_fields(v, inside, below, prefix, where, sent);
    }
}

static void compare_fields(struct verify *v, json_t *fields, const json_t *schema,
                           const char *prefix, const char *where, bool sent)
{
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field) {
        char name[NAME_BYTES];
        const char *type = koppel_get_text(field, "type", "text");
        bool own = (strcmp(type, "object") == 0 && !json_object_get(field, "fields")) ||
                   (v->use->kind->debtor && !*prefix &&
                    debtor_own_field(koppel_get_text(field, "name", "")));
        snprintf(name, sizeof name, "%s%s", prefix, koppel_get_text(field, "name", ""));
        /* An object whose inside is not described is put in by this connector; so are others. */
        if (!own && !(sent && koppel_get_bool(field, "read_only", 0)))
            compare_field(v, field, schema, name, where, sent);
    }
}

struct required {
    struct verify *v;
    json_t *fields;
    const char *prefix, *where;
};

/* What the service wants and the catalogue does not know can never be sent. */
static void check_required(void *arg, const char *name)
{
    struct required *r = arg;
    char full[NAME_BYTES];
    size_t i;
    json_t *field;
    json_array_foreach(r->fields, i, field) {
        if (strcmp(koppel_get_text(field, "wire", koppel_get_text(field, "name", "")), name) == 0)
            return;
    }
    snprintf(full, sizeof full, "%s%s", r->prefix, name);
    finding(r->v, full, r->where, "requires it, and the catalogue does not have it");
}

static void compare_body(struct verify *v, const json_t *operation, const char *where)
{
    const json_t *schema = openapi_body(v->doc, operation);
    if (!schema) {
        finding(v, where, "", "takes no JSON, by its description");
        return;
    }
    compare_fields(v, v->use->fields, schema, "", where, true);
    struct required r = {v, v->use->fields, "", where};
    openapi_required(v->doc, schema, check_required, &r);
    const json_t *lines = openapi_member(v->doc, schema, records_wire(v->use->fields, "lines"));
    if (lines) {
        r.fields = records_inside(v->use->fields, "lines");
        r.prefix = "lines[].";
        openapi_required(v->doc, inside_list(v->doc, lines), check_required, &r);
    }
}

/* ---- Filters ---- */

static void check_query(struct verify *v, const json_t *item, const json_t *operation,
                        const char *name, const char *field, const char *where, const char *why)
{
    char text[TEXT_BYTES];
    if (openapi_query(v->doc, item, operation, name))
        return;
    snprintf(text, sizeof text, "has no parameter %s%s%s", name, *why ? ": " : "", why);
    finding(v, field, where, text);
}

static void check_active_state(struct verify *v, const json_t *item, const json_t *operation,
                               const char *where)
{
    char text[TEXT_BYTES];
    size_t i;
    json_t *value;
    const json_t *p = openapi_query(v->doc, item, operation, "ActiveState");
    const json_t *schema = openapi_resolve(v->doc, json_object_get(p, "schema"));
    const json_t *values = json_object_get(schema ? schema : p, "enum");
    check_query(v, item, operation, "ActiveState", "ActiveState", where, "");
    if (!json_is_array(values))
        return;
    snprintf(text, sizeof text,
             "does not take \"%s\" for ActiveState: set active_state_all to one of",
             v->a->active_state_all);
    json_array_foreach((json_t *)values, i, value) {
        char digits[24];
        size_t used = strlen(text);
        const char *name = json_string_value(value);
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        name = name ? name : digits;
        if (strcasecmp(name, v->a->active_state_all) == 0)
            return;
        snprintf(text + used, sizeof text - used, "%s %s", i ? "," : "", name);
    }
    finding(v, "ActiveState", where, text);
}

static void check_filters(struct verify *v, const json_t *item, const json_t *operation,
                          const char *where)
{
    size_t i;
    json_t *field;
    check_query(v, item, operation, "page", "page", where, "");
    check_query(v, item, operation, "pageSize", "pageSize", where, "");
    json_array_foreach(json_object_get(v->use->entry, "find"), i, field) {
        char name[NAME_BYTES];
        const char *core = json_string_value(field);
        snprintf(name, sizeof name, "%s", records_wire(v->use->fields, core));
        name[0] = (char)toupper((unsigned char)name[0]);
        check_query(v, item, operation, name, core, where,
                    "looking up by it goes through all rows");
    }
    if (v->use->kind->journal)
        check_query(v, item, operation, "BookYear", "BookYear", where, "");
    if (v->use->kind->active_state)
        check_active_state(v, item, operation, where);
}

/* ---- Operations ---- */

static bool can(const struct verify *v, const char *what)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(v->use->entry, "can"), i, one) {
        if (strcmp(json_string_value(one), what) == 0)
            return true;
    }
    return false;
}

/* The operation, or NULL and a finding; where: its name as it stands in findings. */
static const json_t *operation(struct verify *v, const json_t *item, const char *verb,
                               const char *tail, char where[OPERATION_BYTES])
{
    char upper[8];
    size_t n = 0;
    for (; verb[n] && n + 1 < sizeof upper; n++)
        upper[n] = (char)toupper((unsigned char)verb[n]);
    upper[n] = '\0';
    snprintf(where, OPERATION_BYTES, "%s %s%s", upper, v->path, tail);
    const json_t *found = json_object_get(item, verb);
    if (!found)
        finding(v, where, "", "is not there");
    return found;
}

static void compare_list(struct verify *v, const json_t *item)
{
    char where[OPERATION_BYTES];
    const json_t *get = operation(v, item, "get", "", where);
    if (!get)
        return;
    check_filters(v, item, get, where);
    const json_t *answer = openapi_answer(v->doc, get);
    const json_t *rows = inside_list(v->doc, answer);
    if (!rows)
        finding(v, where, "", "does not describe its rows");
    else if (!openapi_member(v->doc, answer, "_data"))
        finding(v, where, "", "answers a bare list, without _data");
    else
        compare_fields(v, v->use->fields, rows, "", where, false);
}

static void compare_paths(struct verify *v)
{
    char where[OPERATION_BYTES], one[ENTITY_PATH_BYTES + 16], text[TEXT_BYTES];
    const json_t *op, *item = openapi_path(v->doc, v->path);
    if (!item) {
        const char *near = openapi_near_path(v->doc, v->path);
        snprintf(text, sizeof text, near ? "is not there; the nearest is %s" : "is not there",
                 near);
        finding(v, v->path, "", text);
        return;
    }
    if (can(v, "read") || can(v, "find"))
        compare_list(v, item);
    if (can(v, "create") && (op = operation(v, item, "post", "", where))) {
        compare_body(v, op, where);
        if (can(v, "dry-run"))
            check_query(v, item, op, "validateOnly", "validateOnly", where,
                        "a dry run would store");
    }
    snprintf(one, sizeof one, "%s/{id}", v->path);
    if (can(v, "update") && (op = operation(v, openapi_path(v->doc, one), "put", "/{id}", where)))
        compare_body(v, op, where);
}

/* The lists that the fields choose from. */
static void compare_choices(struct verify *v, json_t *fields, const char *prefix)
{
    size_t i;
    json_t *field;
    json_array_foreach(fields, i, field) {
        char path[OPERATION_BYTES], name[NAME_BYTES], below[NAME_BYTES + 4], text[TEXT_BYTES];
        const char *list = koppel_get_text(field, "choices", NULL);
        const char *at = list ? choices_path(v->a, list) : NULL;
        snprintf(name, sizeof name, "%s%s", prefix, koppel_get_text(field, "name", ""));
        snprintf(below, sizeof below, "%s[].", name);
        compare_choices(v, json_object_get(field, "fields"), below);
        if (!at)
            continue;
        snprintf(path, sizeof path, "/v1/%s", at);
        if (json_object_get(openapi_path(v->doc, path), "get"))
            continue;
        const char *near = openapi_near_path(v->doc, path);
        snprintf(text, sizeof text, "is not there, and has the list %s%s%s", list,
                 near ? "; the nearest is " : "", near ? near : "");
        finding(v, name, path, text);
    }
}

/* ---- The description itself ---- */

static int fetch(struct asperion *a, const char *path, struct koppel_error *err)
{
    char url[1024];
    bool whole = strstr(path, "://") != NULL;
    /* base ends in "v1/", which the description is not under. */
    int n = whole ? snprintf(url, sizeof url, "%s", path)
                  : snprintf(url, sizeof url, "%.*s%s", (int)(strlen(a->base) - 3), a->base,
                             path + strspn(path, "/"));
    if (n < 0 || (size_t)n >= sizeof url)
        return a->host->fail(err, KOPPEL_E_CONFIG, "swagger_path is too long");
    /* The token is for Asperion, not for whoever else keeps a copy of the description. */
    struct api_request r = {.what = "description of the service", .method = "GET", .path = url,
                            .setting = "swagger_path", .any_tenant = true, .anonymous = whole};
    bool none = false;
    r.not_there = &none;
    if (api_call(a, &r, &a->description, err) != 0)
        return none ? a->host->reason(err, "description.none") : -1;
    if (json_is_object(json_object_get(a->description, "paths")))
        return 0;
    json_decref(a->description);
    a->description = NULL;
    a->host->fail(err, KOPPEL_E_CONFIG,
                  "%s: what is there is no Swagger or OpenAPI document: check swagger_path",
                  r.what);
    return a->host->reason(err, "description.none");
}

int verify_entity(struct asperion *a, const char *entity, struct koppel_list *out,
                  struct koppel_error *err)
{
    struct entity_use use;
    const char *path = a->host->setting(a->ctx, "swagger_path");
    if (!path || !*path)
        return 0;
    if (entity_use(a, entity, &use, err) != 0 || (!a->description && fetch(a, path, err) != 0))
        return -1;
    struct verify v = {.a = a, .use = &use, .doc = a->description, .found = json_object()};
    if (!v.found)
        return api_no_memory(a, err);
    snprintf(v.path, sizeof v.path, "/v1/%s", use.path);
    compare_paths(&v);
    compare_choices(&v, use.fields, "");
    int rc = report(&v, out, err);
    json_decref(v.found);
    return rc;
}
