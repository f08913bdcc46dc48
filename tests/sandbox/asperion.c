// SPDX-License-Identifier: MIT
// The API of the sandbox's books: answers, login check, choice of administration, routes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "asperion_parts.h"

// ---- Answers ------------------------------------------------------------------------------------

const char *call_query(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->queries; i++) {
        if (strcasecmp(req->query[i].name, name) == 0)
            return req->query[i].value;
    }
    return NULL;
}

int answer_text(struct reply *reply, int status, struct out *text)
{
    size_t bytes = text->bytes;
    char *body = out_take(text);
    if (!body)
        return -1;
    reply_take(reply, status, "application/json; charset=utf-8", body, bytes);
    return 0;
}

int answer_json(struct reply *reply, int status, json_t *value)
{
    struct out o = {0};
    if (value)
        out_value(&o, value);
    else
        o.failed = true;
    json_decref(value);
    return answer_text(reply, status, &o);
}

static bool wants_dutch(const struct request *req)
{
    const char *language = request_header(req, "Accept-Language");
    return language && strncasecmp(language, "nl", 2) == 0;
}

int answer_problem(const struct request *req, struct reply *reply, int status, const char *en,
                   const char *nl, json_t *errors_take)
{
    const char *title = status == 400 ? (wants_dutch(req) ? "Een of meer gegevens zijn onjuist."
                                                          : "One or more values are not valid.")
                        : status == 401 ? "Unauthorized"
                        : status == 403 ? "Forbidden"
                        : status == 404 ? "Not Found" : "Error";
    return answer_json(reply, status, json_pack("{s:s,s:i,s:s,s:s,s:o*}", "title", title, "status",
        status, "detail", wants_dutch(req) ? nl : en, "traceId", "00-5a4d-sandbox-00", "errors",
        errors_take));
}

int answer_missing(const struct request *req, struct reply *reply)
{
    return answer_problem(req, reply, 404, "There is no such resource.", "Deze bron bestaat niet.",
                          NULL);
}

void call_base_url(const struct books *b, const struct request *req, char *out, size_t bytes)
{
    const char *host = request_header(req, "Host");
    snprintf(out, bytes, "%s://%s", b->tls ? "https" : "http", host ? host : "127.0.0.1");
}

int answer_record(const struct call *c, int status, json_t *value)
{
    char base[256], self[512];
    call_base_url(c->books, c->req, base, sizeof base);
    snprintf(self, sizeof self, "%s/v1/%s/%" JSON_INTEGER_FORMAT, base, c->resource->path,
             integer_of(value, "id"));
    json_object_set_new(value, "_meta", json_pack("{s:i,s:s,s:s,s:s}", "administrationId",
        c->tenant->id, "administrationName", c->tenant->name, "profileName", "Demo", "self", self));
    wire_give(c->books, c->resource, value);
    return answer_json(c->reply, status, value);
}

// ---- Routes -------------------------------------------------------------------------------------

static int administration(const struct call *c, const char *id)
{
    char text[16];
    c->reply->operation = c->resource->operations[OP_GET];
    for (int i = 0; i < TENANTS; i++) {
        const struct tenant *t = &c->books->tenants[i];
        snprintf(text, sizeof text, "%d", t->id);
        if (strcmp(text, id) == 0)
            return answer_record(c, 200, json_pack("{s:i,s:s}", "id", t->id, "name", t->name));
    }
    return answer_missing(c->req, c->reply);
}

static int resource_call(const struct call *c, const char *rest)
{
    const struct resource *r = c->resource;
    bool get = strcmp(c->req->method, "GET") == 0, post = strcmp(c->req->method, "POST") == 0;
    bool put = strcmp(c->req->method, "PUT") == 0;
    if (r->in_trade && !c->tenant->in_trade)
        return answer_problem(c->req, c->reply, 403,
                              "This administration does not have the inTrade pack.",
                              "Deze administratie heeft het pakket inTrade niet.", NULL);
    if (strcmp(rest, "/") == 0) // a trailing slash makes no difference
        rest++;
    if (!*rest && get)
        return list(c);
    if (!*rest && post && (r->can & CAN_POST))
        return r->write(c, -1);
    if (*rest && get && r == &resources[R_ADMINISTRATIONS])
        return administration(c, rest + 1);
    if (*rest && !r->can)
        return answer_missing(c->req, c->reply);
    if (*rest) {
        char *end;
        json_int_t id = strtoll(rest + 1, &end, 10);
        bool file = strcmp(end, "/file") == 0 && r == &resources[R_INVOICES_WITH_LINES];
        int64_t row = rest[1] && (!*end || file) ? rows_find(&c->tenant->rows[r->rows], id) : -1;
        if (row < 0)
            return answer_missing(c->req, c->reply);
        if (file && post)
            return file_add(c, row);
        if (!file && get && (r->can & CAN_GET)) {
            c->reply->operation = r->operations[OP_GET];
            return answer_record(c, 200, rows_value(&c->tenant->rows[r->rows], (size_t)row));
        }
        if (!file && put && (r->can & CAN_PUT))
            return r->write(c, row);
    }
    return answer_problem(c->req, c->reply, 405, "This method is not allowed here.",
                          "Deze methode is hier niet toegestaan.", NULL);
}

static struct tenant *tenant_of(struct books *b, const struct request *req)
{
    const char *id = request_header(req, "X-Tenant-Id");
    if (!id)
        id = request_header(req, "X-TenantId");
    if (!id)
        return &b->tenants[TENANT_DEFAULT];
    for (int i = 0; i < TENANTS; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", b->tenants[i].id);
        if (strcmp(text, id) == 0)
            return &b->tenants[i];
    }
    return NULL;
}

static int api(struct books *b, const struct request *req, struct reply *reply)
{
    struct call c = {.books = b, .req = req, .reply = reply, .dutch = wants_dutch(req)};
    reply->operation = "api";
    if (!identity_check(b, req, reply))
        return 0;
    c.tenant = tenant_of(b, req);
    if (!c.tenant)
        return answer_problem(req, reply, 403, "You have no right to this administration.",
                              "U heeft geen rechten op deze administratie.", NULL);
    const char *path = req->path + 4;
    size_t bytes = strcspn(path, "/");
    c.resource = resource_named(path, bytes);
    return c.resource ? resource_call(&c, path + bytes) : answer_missing(req, reply);
}

int asperion_handle(struct books *books, const struct request *req, struct reply *reply)
{
    if (strncmp(req->path, "/_sandbox/", 10) == 0)
        return sandbox_path(books, req, reply);
    if (strncmp(req->path, "/v1/", 4) == 0)
        return api(books, req, reply);
    if (strcmp(req->path, "/swagger/v1/swagger.json") == 0 && strcmp(req->method, "GET") == 0)
        return swagger_show(books, req, reply);
    int rc = identity_handle(books, req, reply);
    return rc == 1 ? answer_missing(req, reply) : rc;
}

bool asperion_writes(const struct request *req)
{
    return strncmp(req->path, "/v1/", 4) == 0 && strcmp(req->method, "GET") != 0;
}

void asperion_problem(struct reply *reply, const char *text)
{
    reply_json(reply, 200, json_pack("{s:s,s:i,s:s,s:s}", "title", "Bad Request", "status", 400,
                                     "detail", text, "traceId", "00-5a4d-sandbox-00"));
}
