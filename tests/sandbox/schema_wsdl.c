// SPDX-License-Identifier: MIT
// The till's own description, ?wsdl, written from the tables that requests are checked with.
// A test bends it, to see whether a client notices that the till has changed.
#include "schema.h"

#include <stdio.h>
#include <string.h>

struct wsdl {
    const struct schema *schema;
    const json_t *bend;
    struct xml *x;
};

static void put(struct wsdl *w, const char *text)
{
    xml_raw(w->x, text, strlen(text));
}

static void put_all(struct wsdl *w, const char *const *parts)
{
    for (; *parts; parts++)
        put(w, *parts);
}

#define PUT(w, ...) put_all(w, (const char *const[]){__VA_ARGS__, NULL})

static bool bent(const struct wsdl *w, const char *list, const char *type, char between,
                 const char *name)
{
    const json_t *entry;
    size_t i;
    char path[200];

    snprintf(path, sizeof path, name ? "%s%c%s" : "%s", type, between, name ? name : "");
    json_array_foreach(json_object_get(w->bend, list), i, entry) {
        const char *text = json_string_value(entry);
        if (text && strcmp(text, path) == 0)
            return true;
    }
    return false;
}

static const char *type_name(const struct wsdl *w, const char *owner, const struct field *f)
{
    static const char *const names[] = {"string",   "long",    "int",  "short",    "unsignedInt",
                                        "decimal",  "boolean", "date", "dateTime", "base64Binary"};
    char path[200];
    snprintf(path, sizeof path, "%s.%s", owner, f->name);
    const char *other =
        json_string_value(json_object_get(json_object_get(w->bend, "type"), path));
    if (other)
        return other;
    return f->type->kind < KIND_ENUM ? names[f->type->kind] : f->type->name;
}

static void put_field(struct wsdl *w, const char *owner, const struct field *f)
{
    const char *name = type_name(w, owner, f);

    if (bent(w, "remove", owner, '.', f->name))
        return;
    PUT(w, "<element name=\"", f->name, "\" type=\"",
        strchr(name, ':') ? "" : f->type->kind < KIND_ENUM ? "xsd:" : "tns:", name, "\"");
    if (!f->required && !bent(w, "require", owner, '.', f->name))
        put(w, " minOccurs=\"0\"");
    if (f->repeated)
        put(w, " maxOccurs=\"unbounded\"");
    put(w, "/>");
}

static void put_sequence(struct wsdl *w, const char *owner, const struct field *fields)
{
    put(w, "<sequence>");
    for (const struct field *f = fields; f->name; f++)
        put_field(w, owner, f);
    put(w, "</sequence>");
}

static void put_enumeration(struct wsdl *w, const struct type *t)
{
    PUT(w, "<simpleType name=\"", t->name, "\"><restriction base=\"xsd:string\">");
    for (const char **value = t->values; *value; value++) {
        if (!bent(w, "remove", t->name, '=', *value))
            PUT(w, "<enumeration value=\"", *value, "\"/>");
    }
    put(w, "</restriction></simpleType>\n");
}

// A request that may be repeated inherits its key, and its answer the word about it.
static const char *base_of(const struct type *t)
{
    const char *first = t->fields->name;
    if (!first)
        return NULL;
    return strcmp(first, "idempotencyKey") == 0      ? "IdempotentReq"
           : strcmp(first, "idempotencyResult") == 0 ? "IdempotentResp"
                                                     : NULL;
}

static void put_type(struct wsdl *w, const struct type *t)
{
    const char *base = base_of(t);

    PUT(w, "<complexType name=\"", t->name, "\">");
    if (base) {
        PUT(w, "<complexContent><extension base=\"tns:", base, "\">");
        put_sequence(w, t->name, t->fields + 1);
        put(w, "</extension></complexContent>");
    } else {
        put_sequence(w, t->name, t->fields);
    }
    put(w, "</complexType>\n");
}

static void put_types(struct wsdl *w)
{
    const struct schema *s = w->schema;

    put(w, "<complexType name=\"IdempotentReq\"><sequence><element name=\"idempotencyKey\" "
           "type=\"xsd:string\"/></sequence></complexType>\n"
           "<complexType name=\"IdempotentResp\"><sequence><element name=\"idempotencyResult\" "
           "type=\"tns:IdempotencyResult\"/></sequence></complexType>\n");
    for (size_t i = 0; i < s->type_count; i++) {
        const struct type *t = &s->types[i];
        if (bent(w, "remove", t->name, 0, NULL))
            continue;
        if (t->kind == KIND_ENUM)
            put_enumeration(w, t);
        else
            put_type(w, t);
    }
}

// An answer that several operations share is described with the first of them.
static bool described(const struct schema *s, size_t operation)
{
    for (size_t i = 0; i < operation; i++) {
        if (s->operations[i].answer == s->operations[operation].answer)
            return true;
    }
    return false;
}

static void put_elements(struct wsdl *w)
{
    const struct schema *s = w->schema;
    for (size_t i = 0; i < s->operation_count; i++) {
        const struct operation *o = &s->operations[i];
        if (bent(w, "remove", o->name, 0, NULL))
            continue;
        PUT(w, "<element name=\"", o->name, "\"><complexType>");
        put_sequence(w, o->name, o->in);
        put(w, "</complexType></element>\n");
        if (!described(s, i))
            PUT(w, "<element name=\"", o->answer->name, "\" type=\"tns:", o->answer->name,
                "\"/>\n");
    }
}

static void put_messages(struct wsdl *w)
{
    const struct schema *s = w->schema;
    for (size_t i = 0; i < s->operation_count; i++) {
        const char *name = s->operations[i].name, *answer = s->operations[i].answer->name;
        PUT(w, "<message name=\"", name, "\"><part name=\"Body\" element=\"tns:", name,
            "\"/></message>\n");
        if (!described(s, i))
            PUT(w, "<message name=\"", answer, "\"><part name=\"Body\" element=\"tns:", answer,
                "\"/></message>\n");
    }
}

static void put_operations(struct wsdl *w)
{
    const struct schema *s = w->schema;
    put(w, "<portType name=\"MplusQapi\">\n");
    for (size_t i = 0; i < s->operation_count; i++) {
        const struct operation *o = &s->operations[i];
        if (!bent(w, "remove", o->name, 0, NULL))
            PUT(w, "<operation name=\"", o->name, "\"><input message=\"tns:", o->name,
                "\"/><output message=\"tns:", o->answer->name, "\"/></operation>\n");
    }
    put(w, "</portType>\n");
}

void schema_wsdl(const struct schema *s, const json_t *bend, struct xml *x)
{
    struct wsdl w = {s, bend, x};

    put(&w, "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<definitions name=\"MplusQapi\" targetNamespace=\"urn:mplusqapi\""
            " xmlns:tns=\"urn:mplusqapi\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
            " xmlns:SOAP=\"http://schemas.xmlsoap.org/wsdl/soap/\""
            " xmlns=\"http://schemas.xmlsoap.org/wsdl/\">\n<types>\n"
            "<xsd:schema targetNamespace=\"urn:mplusqapi\" elementFormDefault=\"qualified\""
            " attributeFormDefault=\"unqualified\" xmlns=\"http://www.w3.org/2001/XMLSchema\">\n");
    put_types(&w);
    put_elements(&w);
    put(&w, "</xsd:schema>\n</types>\n");
    put_messages(&w);
    put_operations(&w);
    put(&w, "<service name=\"MplusQapi\"><port name=\"MplusQapi\" binding=\"tns:MplusQapi\">"
            "<SOAP:address location=\"http://127.0.0.1:18083/\"/></port></service>\n"
            "</definitions>\n");
}
