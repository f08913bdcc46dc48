/* SPDX-License-Identifier: MIT
 * The head of a request, out of the HTTP library. */
#include "dashboard/dashboard_head.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADS 64 /* of a message */

static const char *head_of(struct dashboard_request *r, const char *name)
{
    const char *value = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

void dashboard_head_take(struct dashboard_request *r)
{
    r->host = head_of(r, MHD_HTTP_HEADER_HOST);
    r->cookie = head_of(r, MHD_HTTP_HEADER_COOKIE);
    r->authorization = head_of(r, MHD_HTTP_HEADER_AUTHORIZATION);
    r->csrf = head_of(r, "X-Koppel-CSRF");
    r->origin = head_of(r, "Origin");
    r->fetch_site = head_of(r, "Sec-Fetch-Site");
    r->content_type = head_of(r, MHD_HTTP_HEADER_CONTENT_TYPE);
    r->last_event_id = head_of(r, "Last-Event-ID");
    r->if_none_match = head_of(r, MHD_HTTP_HEADER_IF_NONE_MATCH);
    r->if_match = head_of(r, MHD_HTTP_HEADER_IF_MATCH);
    r->agent = head_of(r, MHD_HTTP_HEADER_USER_AGENT);
    r->forwarded = head_of(r, "X-Forwarded-For");
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info ? info->client_addr : NULL;
    if (from && from->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)from)->sin_addr, r->address,
                  sizeof r->address);
    else if (from && from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)from)->sin6_addr, r->address,
                  sizeof r->address);
}

static enum MHD_Result take_one_head(void *arg, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct dashboard_request *r = arg;
    (void)kind;
    char *small = r->head_count < HEADS ? strdup(name) : NULL;
    if (!small)
        return MHD_NO;
    for (char *at = small; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    r->heads[r->head_count++] = (struct koppel_pair){sizeof *r->heads, 0, small,
                                                     value ? value : ""};
    return MHD_YES;
}

void dashboard_head_all(struct dashboard_request *r)
{
    r->heads = calloc(HEADS, sizeof *r->heads);
    if (r->heads)
        MHD_get_connection_values(r->connection, MHD_HEADER_KIND, take_one_head, r);
}

struct framing {
    int count; /* of heads that say where the body ends */
    bool odd;
};

static enum MHD_Result look_at_one(void *arg, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct framing *f = arg;
    (void)kind;
    f->count += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0 ||
                strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    for (const char *at = name; *at; at++)
        f->odd = f->odd || (unsigned char)*at <= ' ';
    for (const char *at = value ? value : ""; *at; at++)
        f->odd = f->odd || *at == '\r' || *at == '\n';
    return MHD_YES;
}

bool dashboard_head_clear(struct dashboard_request *r)
{
    struct framing f = {0};
    MHD_get_connection_values(r->connection, MHD_HEADER_KIND, look_at_one, &f);
    return f.count <= 1 && !f.odd;
}

bool dashboard_head_too_long(struct dashboard_request *r)
{
    const char *length = head_of(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return strlen(length) > 10 || strtoll(length, NULL, 10) > DASHBOARD_REQUEST_BODY_BYTES;
}

void dashboard_head_done(struct dashboard_request *r)
{
    for (int i = 0; i < r->head_count; i++)
        free((char *)(uintptr_t)r->heads[i].name);
    free(r->heads);
}
