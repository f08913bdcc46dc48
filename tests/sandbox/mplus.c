// SPDX-License-Identifier: MIT
// The till's port: SOAP calls are checked, dispatched and answered here; the operations are in
// the other mplus_*.c.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define IDENT "demo"
#define SECRET "demo-secret-m"

void fault(struct call *c, const char *code, const char *why)
{
    c->fault_code = code;
    snprintf(c->why, sizeof c->why, "%s", why);
}

void answer_open(struct call *c, const char *prefix, const char *result)
{
    char word[100];

    xml_envelope(c->out, c->response);
    if (result) {
        snprintf(word, sizeof word, "%s%s", prefix, result);
        xml_string(c->out, "result", word);
    }
}

void answer_close(struct call *c)
{
    xml_finish(c->out, c->response);
}

// ---- System -----------------------------------------------------------------------------

static void get_api_version(struct call *c)
{
    struct xml *x = c->out;
    answer_open(c, NULL, NULL);
    xml_long(x, "majorNumber", 1);
    xml_long(x, "minorNumber", 0);
    xml_long(x, "revisionNumber", 0);
    xml_long(x, "serviceMajorNumber", 67);
    xml_long(x, "serviceMinorNumber", 1);
    xml_long(x, "serviceRevisionNumber", 3);
    xml_long(x, "serviceMinWorkerThreads", 2);
    xml_long(x, "serviceMaxWorkerThreads", 8);
    xml_bool(x, "inDebugMode", true);
    answer_close(c);
}

// The highest marker of each kind, in the order of both answers; 0 where the shop has none.
static int64_t marker_of(const struct shop *s, const char *name)
{
    static const char *const docs[DOC_KINDS] = {"orderSyncMarker", "invoiceSyncMarker",
                                                "receiptSyncMarker", "proposalSyncMarker",
                                                "packingSlipSyncMarker"};
    for (int k = 0; k < DOC_KINDS; k++) {
        if (strcmp(name, docs[k]) == 0)
            return s->docs[k].log_count ? FIRST_MARKER - 1 + (int64_t)s->docs[k].log_count : 0;
    }
    if (strcmp(name, "articleSyncMarker") == 0)
        return FIRST_MARKER - 1 + (int64_t)s->product_log_count;
    if (strcmp(name, "articleGroupSyncMarker") == 0)
        return s->group_marker;
    if (strcmp(name, "relationSyncMarker") == 0)
        return s->relation_marker;
    if (strcmp(name, "employeeSyncMarker") == 0)
        return FIRST_MARKER - 1 + (int64_t)employee_count;
    if (strcmp(name, "stockId") == 0)
        return FIRST_MARKER - 1 + (int64_t)s->change_count;
    return 0;
}

static void answer_markers(struct call *c, const struct node *request)
{
    const struct field *f = schema_fields(c->shop->schema, c->response);
    char include[100];

    answer_open(c, NULL, NULL);
    for (; f->name; f++) {
        snprintf(include, sizeof include, "include%c%s", f->name[0] - 'a' + 'A', f->name + 1);
        if (!request || soap_bool(request, include, false))
            xml_long(c->out, f->name, marker_of(c->shop, f->name));
    }
    answer_close(c);
}

static void get_current_sync_markers(struct call *c)
{
    answer_markers(c, NULL);
}

static void get_current_sync_markers_v2(struct call *c)
{
    answer_markers(c, soap_child(c->in, "request"));
}

// ---- Dispatch ---------------------------------------------------------------------------

static const struct served mplus_system[] = {
    {"getApiVersion", get_api_version},
    {"getCurrentSyncMarkers", get_current_sync_markers},
    {"getCurrentSyncMarkersV2", get_current_sync_markers_v2},
    {0},
};

static bool authentic(const struct request *req)
{
    const char *ident = request_query(req, "ident"), *secret = request_query(req, "secret");
    return ident && secret && strcmp(ident, IDENT) == 0 && strcmp(secret, SECRET) == 0;
}

static void run(struct call *c, struct reply *reply)
{
    static const struct served *const tables[] = {
        mplus_orders,    mplus_stock,    mplus_products, mplus_relations, mplus_states,
        mplus_documents, mplus_finance,  mplus_groups,   mplus_proposals, mplus_choices,
        mplus_custom,    mplus_system};
    const struct operation *o = schema_operation(c->shop->schema, c->in->name);

    if (!o) {
        snprintf(c->why, sizeof c->why, "Method '%.100s' not implemented", c->in->name);
        c->fault_code = "Client";
        return;
    }
    reply->operation = o->name;
    c->response = o->answer->name;
    if (!schema_check(c->in, o->in, c->why)) {
        c->fault_code = "Client";
        return;
    }
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const struct served *op = tables[t]; op->name; op++) {
            if (strcmp(op->name, o->name) == 0) {
                op->run(c);
                return;
            }
        }
    }
}

static int soap_post(struct shop *shop, const struct request *req, struct reply *reply)
{
    struct xml out = {0};
    struct node *tree = NULL;
    struct call c = {.shop = shop, .out = &out};
    const char *type = request_header(req, "Content-Type");

    if (!authentic(req))
        fault(&c, "Client.Authentication", "Invalid ident or secret");
    else if (!type || strncasecmp(type, "text/xml", 8) != 0)
        fault(&c, "Client", "Content-Type is not text/xml");
    else if (!(c.in = soap_parse(req->body, req->body_bytes, &tree, c.why)))
        c.fault_code = "Client";
    else
        run(&c, reply);
    if (c.fault_code)
        xml_fault(&out, c.fault_code, c.why);
    soap_free(tree);
    if (out.failed) {
        free(out.text);
        return -1;
    }
    reply_take(reply, c.fault_code ? 500 : 200, "text/xml; charset=utf-8", out.text, out.bytes);
    reply_header(reply, "mplus-service-version", "67.1.3");
    return 0;
}

static int describe(struct shop *shop, struct reply *reply)
{
    struct xml out = {0};

    schema_wsdl(shop->schema, shop->wsdl_bend, &out);
    if (out.failed) {
        free(out.text);
        return -1;
    }
    reply_take(reply, 200, "text/xml; charset=utf-8", out.text, out.bytes);
    return 0;
}

int mplus_handle(struct shop *shop, const struct request *req, struct reply *reply)
{
    if (strncmp(req->path, "/_sandbox/", 10) == 0)
        return sandbox_handle(shop, req, reply);
    if (strcmp(req->path, "/") != 0) {
        reply_text(reply, 404, "text/plain", "not found\n");
    } else if (strcmp(req->method, "GET") == 0 && request_query(req, "wsdl")) {
        reply->operation = "?wsdl";
        return describe(shop, reply);
    } else if (strcmp(req->method, "POST") != 0) {
        reply_text(reply, 405, "text/plain", "POST only\n");
        reply_header(reply, "Allow", "POST");
    } else {
        return soap_post(shop, req, reply);
    }
    return 0;
}

// The operations that only look begin with one of these words.
bool mplus_writes(const struct request *req)
{
    static const char *const looks[] = {"get", "find"};
    const char *body = strstr(req->body, "Body>");
    const char *name = body ? strchr(body + strlen("Body>"), '<') : NULL;
    if (!name)
        return false;
    size_t bytes = strcspn(name, " />"), prefix = strcspn(name, ":");
    name += prefix < bytes ? prefix + 1 : 1;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (strncmp(name, looks[i], strlen(looks[i])) == 0)
            return false;
    }
    return true;
}

void mplus_problem(struct reply *reply, const char *text)
{
    struct xml out = {0};
    xml_fault(&out, "Client", text);
    if (!out.failed)
        reply_take(reply, 200, "text/xml; charset=utf-8", out.text, out.bytes);
}
