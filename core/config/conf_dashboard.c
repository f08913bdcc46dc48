/* SPDX-License-Identifier: MIT
 * Where the pages are shown: on this machine alone. */
#include "config/conf_dashboard.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

#define HOST_BYTES 64
#define LOOPBACK 127 /* the first of the four numbers */

static int parse_port(const char *text, in_port_t *out)
{
    char *end = NULL;
    long port = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;
    if (port < 0 || port > 65535 || *end)
        return -1;
    *out = htons((uint16_t)port);
    return 0;
}

int conf_dashboard_parse(const char *text, union conf_dashboard_address *out)
{
    char host[HOST_BYTES];
    const char *colon = strrchr(text, ':');
    in_port_t port;
    memset(out, 0, sizeof *out);
    if (!colon || colon - text >= HOST_BYTES || parse_port(colon + 1, &port) != 0)
        return -1;
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    if (strcmp(host, "[::1]") == 0) {
        out->six.sin6_family = AF_INET6;
        out->six.sin6_port = port;
        out->six.sin6_addr = in6addr_loopback;
        return 0;
    }
    out->four.sin_family = AF_INET;
    out->four.sin_port = port;
    if (inet_pton(AF_INET, host, &out->four.sin_addr) != 1 ||
        ntohl(out->four.sin_addr.s_addr) >> 24 != LOOPBACK)
        return -1;
    return 0;
}

/* "https://koppel.example.org": scheme, host and perhaps a port, no path. */
static bool is_url(const char *text)
{
    const char *host = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7 : NULL;
    return host && *host && !host[strcspn(host, "/?#@ \t\\\"<>")];
}

void conf_dashboard_load(struct conf_loader *l, config_setting_t *group,
                         const struct conf_dashboard **out)
{
    static const char *const keys[] = {"listen", "url"};
    union conf_dashboard_address ignored;
    struct conf_dashboard *d = conf_held_alloc(l->held, sizeof *d);
    *out = d;
    if (group)
        conf_member_check_names(l, group, keys, COUNT(keys));
    const char *listen = conf_member_text(l, group, "listen", CONF_DASHBOARD_LISTEN);
    const char *url = conf_member_text(l, group, "url", NULL);
    bool off = strcmp(listen, "off") == 0;
    if (!off && conf_dashboard_parse(listen, &ignored) != 0)
        conf_mistake(l, conf_member_get(group, "listen"),
                     "\"listen\" must be an address of this machine alone and a port, such as "
                     "\"" CONF_DASHBOARD_LISTEN "\" or \"[::1]:8484\", or \"off\"");
    if (url && !is_url(url))
        conf_mistake(l, conf_member_get(group, "url"),
                     "\"url\" must be what browsers know the pages by, such as "
                     "\"https://koppel.example.org\", without a path");
    d->listen = off ? NULL : conf_held_copy(l->held, listen);
    d->url = url ? conf_held_copy(l->held, url) : NULL;
}
