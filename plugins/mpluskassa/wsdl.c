/* SPDX-License-Identifier: MIT
 * Reads the service's description: a stream of elements, of which only names, types and places are
 * kept. The whole document is about a megabyte. */
#include "wsdl.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"

#define DEPTH_MAX 64

struct wsdl_reader {
    XML_Parser parser;
    json_t *types, *elements, *messages, *operations; /* borrowed from root */
    json_t *root;
    json_t *type;      /* the complex type that is open, borrowed */
    int type_depth;    /* where it was opened */
    char element[128]; /* the open element of the schema's top level */
    char message[128]; /* the open message */
    json_t *operation; /* the open operation of the port type, borrowed */
    int depth;
    bool in_schema, in_port_type, failed;
    char *why;
};

static void fail(struct wsdl_reader *r, const char *text)
{
    if (r->failed)
        return;
    r->failed = true;
    soap_value_complain(r->why, "%s", text);
    XML_StopParser(r->parser, XML_FALSE);
}

/* Without the prefix. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    }
    return NULL;
}

static json_t *new_type(json_t *into, const char *name)
{
    json_t *type = json_pack("{s:[]}", "fields");
    if (!type || json_object_set_new(into, name, type) != 0)
        return NULL;
    return json_object_get(into, name);
}

static void open_type(struct wsdl_reader *r, const char **attributes)
{
    const char *name = attribute(attributes, "name");
    if (r->type) /* a type inside a type: none is known, and its fields are not ours */
        return;
    if (name)
        r->type = new_type(r->types, name);
    else if (r->element[0] != '\0')
        r->type = new_type(r->elements, r->element);
    r->type_depth = r->depth;
}

static void add_field(struct wsdl_reader *r, const char **attributes)
{
    const char *name = attribute(attributes, "name"), *type = attribute(attributes, "type");
    const char *least = attribute(attributes, "minOccurs");
    const char *most = attribute(attributes, "maxOccurs");
    if (name)
        json_array_append_new(json_object_get(r->type, "fields"),
                              json_pack("{s:s, s:s, s:b, s:b}", "name", name, "type",
                                        type ? local(type) : "", "needed",
                                        !least || strcmp(least, "0") != 0, "many",
                                        most && strcmp(most, "1") != 0));
}

static void open_element(struct wsdl_reader *r, const char **attributes)
{
    const char *name = attribute(attributes, "name"), *type = attribute(attributes, "type");
    if (r->type) {
        add_field(r, attributes);
        return;
    }
    snprintf(r->element, sizeof r->element, "%s", name ? name : "");
    /* an element may also name a type that stands elsewhere */
    if (name && type)
        json_object_set_new(r->elements, name,
                            json_pack("{s:s, s:[]}", "base", local(type), "fields"));
}

static void open_in_schema(struct wsdl_reader *r, const char *name, const char **attributes)
{
    const char *base;
    if (strcmp(name, "complexType") == 0)
        open_type(r, attributes);
    else if (strcmp(name, "element") == 0)
        open_element(r, attributes);
    else if (strcmp(name, "extension") == 0 && r->type &&
             (base = attribute(attributes, "base")) != NULL)
        json_object_set_new(r->type, "base", json_string(local(base)));
}

static void open_in_service(struct wsdl_reader *r, const char *name, const char **attributes)
{
    const char *own = attribute(attributes, "name"), *text;
    if (strcmp(name, "message") == 0) {
        snprintf(r->message, sizeof r->message, "%s", own ? own : "");
    } else if (strcmp(name, "part") == 0 && (text = attribute(attributes, "element")) != NULL) {
        json_object_set_new(r->messages, r->message, json_string(local(text)));
    } else if (strcmp(name, "portType") == 0) {
        r->in_port_type = true;
    } else if (strcmp(name, "operation") == 0 && r->in_port_type && own) {
        json_object_set_new(r->operations, own, json_object());
        r->operation = json_object_get(r->operations, own);
    } else if ((strcmp(name, "input") == 0 || strcmp(name, "output") == 0) && r->operation &&
               (text = attribute(attributes, "message")) != NULL) {
        json_object_set_new(r->operation, name, json_string(local(text)));
    }
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct wsdl_reader *r = data;
    if (r->failed)
        return;
    if (++r->depth > DEPTH_MAX) {
        fail(r, "its elements are nested too deep");
        return;
    }
    name = local(name);
    if (r->depth == 1 && strcmp(name, "definitions") != 0)
        fail(r, "it is no WSDL");
    else if (strcmp(name, "schema") == 0)
        r->in_schema = true;
    else if (r->in_schema)
        open_in_schema(r, name, attributes);
    else
        open_in_service(r, name, attributes);
}

static void on_end(void *data, const char *name)
{
    struct wsdl_reader *r = data;
    if (r->failed)
        return;
    name = local(name);
    if (strcmp(name, "schema") == 0)
        r->in_schema = false;
    else if (strcmp(name, "complexType") == 0 && r->depth == r->type_depth)
        r->type = NULL;
    else if (strcmp(name, "element") == 0 && !r->type)
        r->element[0] = '\0';
    else if (strcmp(name, "portType") == 0)
        r->in_port_type = false;
    else if (strcmp(name, "operation") == 0)
        r->operation = NULL;
    r->depth--;
}

static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id,
                       int has_internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal;
    fail(data, "it holds a document type");
}

static void parse(struct wsdl_reader *r, const char *xml, size_t bytes)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    if (XML_Parse(r->parser, xml, (int)bytes, 1) == XML_STATUS_ERROR && !r->failed) {
        r->failed = true;
        soap_value_complain(r->why, "%s in line %lu", XML_ErrorString(XML_GetErrorCode(r->parser)),
                            (unsigned long)XML_GetCurrentLineNumber(r->parser));
    }
    if (!r->failed && json_object_size(r->operations) == 0)
        fail(r, "it names no operations");
}

json_t *wsdl_read(const char *xml, size_t bytes, char why[SOAP_WHY_BYTES])
{
    struct wsdl_reader r = {.why = why};
    r.root = json_pack("{s:{}, s:{}, s:{}, s:{}}", "types", "elements", "messages", "operations");
    r.parser = XML_ParserCreate(NULL);
    if (!r.root || !r.parser || bytes > (1u << 30)) {
        soap_value_complain(why, bytes > (1u << 30) ? "it is too long" : "out of memory");
        r.failed = true;
    } else {
        r.types = json_object_get(r.root, "types");
        r.elements = json_object_get(r.root, "elements");
        r.messages = json_object_get(r.root, "messages");
        r.operations = json_object_get(r.root, "operations");
        parse(&r, xml, bytes);
    }
    if (r.parser)
        XML_ParserFree(r.parser);
    if (r.failed) {
        json_decref(r.root);
        return NULL;
    }
    return r.root;
}
