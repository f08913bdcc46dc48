/* SPDX-License-Identifier: MIT
 * Which question an address of the API means. */
#include "dashboard/dashboard_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "dashboard/dashboard_own.h"
#include "dashboard/dashboard_problem.h"
#include "service/service_table.h"

#define PREFIX 2 /* segments "api", "v1" */
#define PARTS_OF_A_JOB 3

/* ---- the list of them ---- */

static struct dashboard_route *routes; /* made once; row.name NULL behind the last */
static int route_count;

static enum dashboard_route_pace pace_of(const struct service_row *row)
{
    if (strncmp(row->name, "users.", 6) == 0 || strncmp(row->name, "me.", 3) == 0)
        return DASHBOARD_ROUTE_PASSWORD;
    /* a set-up asks both systems, whatever it needs open */
    bool asks = row->need >= SERVICE_CONF || strncmp(row->name, "setup.", 6) == 0;
    return asks ? DASHBOARD_ROUTE_LONG : DASHBOARD_ROUTE_QUICK;
}

int dashboard_route_start(void)
{
    int count = 0;
    if (routes)
        return 0;
    while (service_table[count].name)
        count++;
    for (int i = 0; dashboard_own_routes[i].row.name; i++)
        count++;
    routes = calloc((size_t)count + 1, sizeof *routes);
    if (!routes)
        return -1;
    for (int i = 0; dashboard_own_routes[i].row.name; i++)
        routes[route_count++] = dashboard_own_routes[i];
    for (const struct service_row *row = service_table; row->name; row++)
        routes[route_count++] = (struct dashboard_route){.row = *row, .pace = pace_of(row)};
    return 0;
}

const struct dashboard_route *dashboard_route_at(int index)
{
    return index < route_count ? &routes[index] : NULL;
}

/* ---- paths ---- */

/* The next part of a route, "flows" or "{flow}"; NULL behind the last. */
static const char *next_part(const char *route, size_t *length)
{
    if (*route != '/')
        return NULL;
    *length = strcspn(route + 1, "/");
    return route + 1;
}

static bool is_job(const char *part, size_t length)
{
    return length == 5 && memcmp(part, "{job}", 5) == 0;
}

/* How many of its parts are words; -1: the path is another. A job's address may stand there with
 * its slashes. */
static int fit(const char *route, const struct dashboard_path *p)
{
    int at = PREFIX, words = 0, parts = 0;
    size_t length;
    for (const char *part = next_part(route, &length); part;
         part = next_part(part + length, &length))
        parts++;
    int more = p->count - PREFIX - parts;
    for (const char *part = next_part(route, &length); part;
         part = next_part(part + length, &length)) {
        if (at >= p->count)
            return -1;
        if (is_job(part, length) && more == PARTS_OF_A_JOB - 1) {
            at += PARTS_OF_A_JOB;
        } else if (*part == '{') {
            if (!*p->segments[at++])
                return -1;
        } else if (strncmp(part, p->segments[at], length) == 0 && !p->segments[at][length]) {
            at++;
            words++;
        } else {
            return -1;
        }
    }
    return at == p->count ? words : -1;
}

void dashboard_route_find(struct dashboard_request *r)
{
    int best = -1;
    bool any = false;
    r->label = "other";
    for (const struct dashboard_route *one = routes; one->row.name; one++) {
        int words = fit(one->row.route, &r->path);
        any = any || words >= 0;
        if (words > best && strcmp(one->row.method, r->method) == 0) {
            best = words;
            r->route = one;
        }
    }
    if (r->route) {
        r->label = r->route->row.name;
    } else if (any) {
        r->answer.allow = "GET, POST, PUT, PATCH, DELETE";
        dashboard_problem(&r->answer, 405, "http.method", "this address does not take that method");
    } else {
        dashboard_problem(&r->answer, 404, "http.none", "there is nothing at this address");
    }
}

/* ---- what is asked ---- */

static const struct service_member *member_of(const struct service_row *row, const char *name,
                                              size_t length)
{
    for (const struct service_member *m = row->members; m->name; m++) {
        if (strncmp(m->name, name, length) == 0 && !m->name[length])
            return m;
    }
    return NULL;
}

static json_t *number_of(const char *text)
{
    char *end = NULL;
    long long number = *text >= '0' && *text <= '9' ? strtoll(text, &end, 10) : -1;
    return number >= 0 && !*end && strlen(text) < 19 ? json_integer(number) : NULL;
}

/* A text of an address as the member's type has it; one of no member as text, so that it is told to
 * be none. NULL: it is no such thing. */
static json_t *typed(const struct service_member *m, const char *text)
{
    if (m && m->type == SERVICE_NUMBER)
        return number_of(text);
    if (m && m->type == SERVICE_FLAG)
        return strcmp(text, "true") == 0 || strcmp(text, "1") == 0 || !*text ? json_true()
               : strcmp(text, "false") == 0 || strcmp(text, "0") == 0        ? json_false() : NULL;
    return json_string(text);
}

/* -1: it stands twice, or is of another kind. */
static int put(json_t *in, const struct service_member *m, const char *name, const char *text)
{
    json_t *value = typed(m, text), *there = json_object_get(in, name);
    if (value && m && m->type == SERVICE_LIST) {
        if (!there)
            (void)json_object_set_new(in, name, there = json_array());
        return json_array_append_new(there, value);
    }
    if (!value || there) {
        json_decref(value);
        return -1;
    }
    return json_object_set_new(in, name, value);
}

static json_t *wrong(struct dashboard_request *r, json_t *in, const char *text)
{
    json_decref(in);
    dashboard_problem(&r->answer, 400, SERVICE_WRONG, text);
    return NULL;
}

static json_t *body_of(struct dashboard_request *r)
{
    static const struct json_read_limits limits = {DASHBOARD_REQUEST_BODY_BYTES,
                                                   DASHBOARD_REQUEST_DEPTH};
    struct json_read_error error;
    if (r->body.bytes == 0)
        return json_object();
    if (strncmp(r->content_type, "application/json", 16) != 0 ||
        (r->content_type[16] && !strchr("; ", r->content_type[16]))) {
        dashboard_problem(&r->answer, 415, "http.type", "the body must be application/json");
        return NULL;
    }
    json_t *body = json_read(r->body.data, r->body.bytes, &limits, &error);
    if (!body)
        return wrong(r, NULL, error.text);
    return json_is_object(body) ? body : wrong(r, body, "the body must be an object");
}

/* "{flow}" of the route is that part of the path. */
static int put_path(struct dashboard_request *r, json_t *in)
{
    const struct service_row *row = &r->route->row;
    const struct dashboard_path *p = &r->path;
    size_t length;
    int at = PREFIX, parts = 0;
    char job[JOB_ID_BYTES];
    for (const char *part = next_part(row->route, &length); part;
         part = next_part(part + length, &length))
        parts++;
    for (const char *part = next_part(row->route, &length); part;
         part = next_part(part + length, &length)) {
        const char *text = p->segments[at];
        if (*part != '{') {
            at++;
            continue;
        }
        const struct service_member *m = member_of(row, part + 1, length - 2);
        if (is_job(part, length) && p->count - PREFIX - parts == PARTS_OF_A_JOB - 1) {
            snprintf(job, sizeof job, "%s/%s/%s", text, p->segments[at + 1], p->segments[at + 2]);
            text = job;
            at += PARTS_OF_A_JOB - 1;
        }
        at++;
        if (!m || put(in, m, m->name, text) != 0)
            return -1;
    }
    return 0;
}

/* If-Match: the version that a change was made on, in the member of the row that is that. -1: the
 * row has none, or it says another one. */
static int put_match(const struct dashboard_request *r, json_t *in)
{
    const struct service_row *row = &r->route->row;
    const struct service_member *m = member_of(row, "match", 5);
    m = m ? m : member_of(row, "digest", 6);
    const char *tag = r->if_match + (*r->if_match == '"'); /* "VERSION", or "VERSION.ANSWER" */
    if (!*tag || strcmp(row->method, "GET") == 0)
        return 0;
    json_t *version = m ? json_stringn(tag, strcspn(tag, "\".,")) : NULL;
    const json_t *there = m ? json_object_get(in, m->name) : NULL;
    bool fits = version && (!there || json_equal(there, version));
    if (fits && !there)
        (void)json_object_set(in, m->name, version);
    json_decref(version);
    return fits ? 0 : -1;
}

json_t *dashboard_route_in(struct dashboard_request *r)
{
    const struct service_row *row = &r->route->row;
    bool reads = strcmp(row->method, "GET") == 0 || strcmp(row->method, "DELETE") == 0;
    char text[256];
    json_t *in = reads ? json_object() : body_of(r);
    if (!in)
        return NULL;
    if (put_path(r, in) != 0)
        return wrong(r, in, "the address names a thing in a form that it cannot have");
    for (int i = 0; i < r->path.member_count; i++) {
        const char *name = r->path.members[i].name;
        const struct service_member *m = member_of(row, name, strlen(name));
        if (put(in, m, name, r->path.members[i].value) != 0) {
            snprintf(text, sizeof text, "%s: %.60s cannot be this, or stands twice", row->name,
                     m ? m->name : "a member");
            return wrong(r, in, text);
        }
    }
    if (put_match(r, in) != 0) {
        json_decref(in);
        in = NULL;
        dashboard_problem(&r->answer, 412, "http.match",
                          "If-Match does not fit: this has no versions, or another one is named");
    }
    return in;
}
