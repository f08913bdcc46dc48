/* SPDX-License-Identifier: MIT
 * The target of a request, in its parts. */
#include "dashboard/dashboard_path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes in place. -1: a "%" that begins nothing, or NUL. */
static int decode(char *text, bool plus)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '%') {
            *to++ = plus && *from == '+' ? ' ' : *from;
            continue;
        }
        int high = digit(from[1]), low = high < 0 ? -1 : digit(from[2]);
        if (low < 0 || high + low == 0)
            return -1;
        *to++ = (char)(high << 4 | low);
        from += 2;
    }
    *to = '\0';
    return 0;
}

static int add_members(struct dashboard_path *p, char *query)
{
    for (char *next, *at = query; at; at = next) {
        next = strchr(at, '&');
        if (next)
            *next++ = '\0';
        if (!*at)
            continue;
        if (p->member_count == DASHBOARD_PATH_MEMBERS)
            return -1;
        char *value = strchr(at, '=');
        if (value)
            *value++ = '\0';
        if (decode(at, true) != 0 || (value && decode(value, true) != 0))
            return -1;
        p->members[p->member_count].name = at;
        p->members[p->member_count++].value = value ? value : "";
    }
    return 0;
}

int dashboard_path_parse(const char *target, struct dashboard_path *out)
{
    *out = (struct dashboard_path){0};
    if (*target != '/' || !(out->memory = strdup(target)))
        return -1;
    char *query = strchr(out->memory, '?');
    if (query)
        *query++ = '\0';
    for (char *next, *at = out->memory + 1; at && *at; at = next) {
        next = strchr(at, '/');
        if (next)
            *next++ = '\0';
        if (out->count == DASHBOARD_PATH_SEGMENTS || decode(at, false) != 0)
            return -1;
        out->segments[out->count++] = at;
    }
    return query ? add_members(out, query) : 0;
}

void dashboard_path_done(struct dashboard_path *p)
{
    free(p->memory);
    *p = (struct dashboard_path){0};
}
