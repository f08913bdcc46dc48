// SPDX-License-Identifier: MIT
// Reading requests and filling replies, for both vendors.
#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *request_query(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->queries; i++) {
        if (strcmp(r->query[i].name, name) == 0)
            return r->query[i].value;
    }
    return NULL;
}

const char *request_header(const struct request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    }
    return NULL;
}

void reply_take(struct reply *r, int status, const char *content_type, char *body, size_t bytes)
{
    free(r->body);
    r->status = status;
    r->content_type = content_type;
    r->body = body;
    r->bytes = bytes;
}

void reply_text(struct reply *r, int status, const char *content_type, const char *text)
{
    char *copy = strdup(text);
    reply_take(r, copy ? status : 500, content_type, copy, copy ? strlen(copy) : 0);
}

void reply_header(struct reply *r, const char *name, const char *value)
{
    if (r->extras == REPLY_HEADERS)
        return;
    struct pair p = {strdup(name), strdup(value)};
    if (!p.name || !p.value) {
        free(p.name);
        free(p.value);
        return;
    }
    r->extra[r->extras++] = p;
}

void reply_json(struct reply *r, int status, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    json_decref(value);
    reply_take(r, text ? status : 500, "application/json", text, text ? strlen(text) : 0);
}

void reply_clear(struct reply *r)
{
    free(r->body);
    for (size_t i = 0; i < r->extras; i++) {
        free(r->extra[i].name);
        free(r->extra[i].value);
    }
    *r = (struct reply){0};
}
