// SPDX-License-Identifier: MIT
// Reading SOAP envelopes with expat and writing them by appending to one growing text.
#include "soap.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MPLUS_NAMESPACE "urn:mplusqapi|"
#define SOAP_NAMESPACE "http://schemas.xmlsoap.org/soap/envelope/|"
#define MAX_DEPTH 40

// ---- Requests ---------------------------------------------------------------------------

struct parse {
    struct node *root, *at;
    int depth;
    bool failed;
    XML_Parser expat;
    char *text; // character data of the element being read
    size_t bytes, room;
};

static void stop(struct parse *p)
{
    p->failed = true;
    XML_StopParser(p->expat, XML_FALSE);
}

static struct node *node_new(const char *name)
{
    struct node *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    bool qualified = strncmp(name, MPLUS_NAMESPACE, strlen(MPLUS_NAMESPACE)) == 0;
    if (qualified)
        name += strlen(MPLUS_NAMESPACE);
    // Without any namespace it must not pass for one of the till's either.
    if (qualified || strchr(name, '|'))
        n->name = strdup(name);
    else if (asprintf(&n->name, "|%s", name) < 0)
        n->name = NULL;
    n->text = strdup("");
    if (!n->name || !n->text) {
        soap_free(n);
        return NULL;
    }
    return n;
}

static void append(struct node *parent, struct node *n)
{
    n->parent = parent;
    if (!parent)
        return;
    if (parent->last)
        parent->last = parent->last->next = n;
    else
        parent->first = parent->last = n;
}

struct node *soap_add(struct node *parent, const char *name, const char *text)
{
    struct node *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->name = strdup(name);
    n->text = strdup(text);
    if (!n->name || !n->text) {
        soap_free(n);
        return NULL;
    }
    append(parent, n);
    return n;
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    struct parse *p = arg;
    struct node *n;

    (void)attributes;
    if (p->depth++ > MAX_DEPTH || !(n = node_new(name))) {
        stop(p);
        return;
    }
    append(p->at, n);
    if (!p->at)
        p->root = n;
    p->at = n;
    p->bytes = 0;
}

// Text beside child elements is layout only, so the last run of text of a leaf is its value.
static void on_end(void *arg, const XML_Char *name)
{
    struct parse *p = arg;
    (void)name;
    if (!p->at->first && p->bytes) {
        char *text = strndup(p->text, p->bytes);
        if (!text) {
            stop(p);
            return;
        }
        free(p->at->text);
        p->at->text = text;
    }
    p->bytes = 0;
    p->at = p->at->parent;
    p->depth--;
}

static void on_text(void *arg, const XML_Char *text, int bytes)
{
    struct parse *p = arg;
    size_t need = p->bytes + (size_t)bytes;
    if (need > p->room) {
        char *more = realloc(p->text, need * 2);
        if (!more) {
            stop(p);
            return;
        }
        p->text = more;
        p->room = need * 2;
    }
    memcpy(p->text + p->bytes, text, (size_t)bytes);
    p->bytes = need;
}

// A document type has no place in SOAP and is where entity attacks come from.
static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int internal)
{
    (void)name, (void)system_id, (void)public_id, (void)internal;
    stop(arg);
}

const struct node *soap_parse(const char *text, size_t bytes, struct node **tree, char *why)
{
    struct parse p = {.expat = XML_ParserCreateNS(NULL, '|')};
    const struct node *body = NULL;

    *tree = NULL;
    if (!p.expat)
        return NULL;
    XML_SetUserData(p.expat, &p);
    XML_SetElementHandler(p.expat, on_start, on_end);
    XML_SetCharacterDataHandler(p.expat, on_text);
    XML_SetStartDoctypeDeclHandler(p.expat, on_doctype);
    if (bytes > INT32_MAX || !XML_Parse(p.expat, text, (int)bytes, 1) || p.failed) {
        snprintf(why, SOAP_FAULT_BYTES, "XML syntax error: %s",
                 XML_ErrorString(XML_GetErrorCode(p.expat)));
        goto out;
    }
    if (strcmp(p.root->name, SOAP_NAMESPACE "Envelope") != 0) {
        snprintf(why, SOAP_FAULT_BYTES, "'%.150s' is not a SOAP envelope", p.root->name);
        goto out;
    }
    body = soap_child(p.root, SOAP_NAMESPACE "Body");
    if (body)
        body = body->first;
    if (!body)
        snprintf(why, SOAP_FAULT_BYTES, "no element in the SOAP body");
out:
    XML_ParserFree(p.expat);
    free(p.text);
    if (body)
        *tree = p.root;
    else
        soap_free(p.root);
    return body;
}

void soap_free(struct node *tree)
{
    while (tree) {
        struct node *next = tree->next;
        soap_free(tree->first);
        free(tree->name);
        free(tree->text);
        free(tree);
        tree = next;
    }
}

const struct node *soap_child(const struct node *n, const char *name)
{
    for (const struct node *c = n ? n->first : NULL; c; c = c->next) {
        if (strcmp(c->name, name) == 0)
            return c;
    }
    return NULL;
}

const char *soap_text(const struct node *n, const char *name)
{
    const struct node *c = soap_child(n, name);
    return c ? c->text : "";
}

int64_t soap_long(const struct node *n, const char *name, int64_t otherwise)
{
    const struct node *c = soap_child(n, name);
    return c ? strtoll(c->text, NULL, 10) : otherwise;
}

bool soap_bool(const struct node *n, const char *name, bool otherwise)
{
    const struct node *c = soap_child(n, name);
    return c ? *c->text == 't' || *c->text == '1' : otherwise;
}

// ---- Answers ----------------------------------------------------------------------------

void xml_raw(struct xml *x, const char *text, size_t bytes)
{
    if (x->failed)
        return;
    if (x->bytes + bytes + 1 > x->room) {
        size_t room = (x->bytes + bytes + 1) * 2;
        char *more = realloc(x->text, room);
        if (!more) {
            x->failed = true;
            return;
        }
        x->text = more;
        x->room = room;
    }
    memcpy(x->text + x->bytes, text, bytes);
    x->bytes += bytes;
    x->text[x->bytes] = '\0';
}

static void put(struct xml *x, const char *text)
{
    xml_raw(x, text, strlen(text));
}

void xml_open(struct xml *x, const char *name)
{
    put(x, "<ns:");
    put(x, name);
    put(x, ">");
}

void xml_close(struct xml *x, const char *name)
{
    put(x, "</ns:");
    put(x, name);
    put(x, ">");
}

static void put_escaped(struct xml *x, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "<>&\r");
        xml_raw(x, text, plain);
        text += plain;
        if (!*text)
            return;
        char c = *text++;
        put(x, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&#13;");
    }
}

void xml_string(struct xml *x, const char *name, const char *text)
{
    if (!text)
        return;
    xml_open(x, name);
    put_escaped(x, text);
    xml_close(x, name);
}

void xml_long(struct xml *x, const char *name, int64_t value)
{
    char digits[24];
    char *d = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--d = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--d = '-';
    xml_open(x, name);
    xml_raw(x, d, (size_t)(digits + sizeof digits - d));
    xml_close(x, name);
}

void xml_bool(struct xml *x, const char *name, bool value)
{
    xml_string(x, name, value ? "true" : "false");
}

void xml_node(struct xml *x, const struct node *n)
{
    xml_open(x, n->name);
    if (!n->first)
        put_escaped(x, n->text);
    for (const struct node *c = n->first; c; c = c->next)
        xml_node(x, c);
    xml_close(x, n->name);
}

static void envelope(struct xml *x)
{
    put(x, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope"
           " xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
           " xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\""
           " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
           " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
           " xmlns:ns=\"urn:mplusqapi\"><SOAP-ENV:Body>");
}

void xml_envelope(struct xml *x, const char *response)
{
    envelope(x);
    xml_open(x, response);
}

void xml_finish(struct xml *x, const char *response)
{
    xml_close(x, response);
    put(x, "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n");
}

void xml_fault(struct xml *x, const char *code, const char *text)
{
    x->bytes = 0;
    envelope(x);
    put(x, "<SOAP-ENV:Fault><faultcode>SOAP-ENV:");
    put(x, code);
    put(x, "</faultcode><faultstring>");
    put_escaped(x, text);
    put(x, "</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>\n");
}
