/* SPDX-License-Identifier: MIT
 * Where metrics and probes are shown. They need no log-in, so they are for this machine alone:
 * whoever watches from another one comes through a proxy or a tunnel that knows whom it lets in. */
#include "config/conf_metrics.h"

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
    char *end;
    long port = *text >= '1' && *text <= '9' ? strtol(text, &end, 10) : 0;
    if (port < 1 || port > 65535 || *end)
        return -1;
    *out = htons((uint16_t)port);
    return 0;
}

int conf_metrics_parse(const char *text, union conf_metrics_address *out)
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

void conf_metrics_load(struct conf_loader *l, config_setting_t *group, const char **out)
{
    static const char *const keys[] = {"listen"};
    union conf_metrics_address ignored;
    *out = NULL;
    if (!group)
        return;
    conf_member_check_names(l, group, keys, COUNT(keys));
    const char *text = conf_member_text(l, group, "listen", NULL);
    if (!conf_member_get(group, "listen"))
        conf_mistake(l, group, "the group has no \"listen\", such as \"127.0.0.1:9484\"");
    else if (text && conf_metrics_parse(text, &ignored) != 0)
        conf_mistake(l, conf_member_get(group, "listen"),
                     "\"listen\" must be an address of this machine alone and a port, such as "
                     "\"127.0.0.1:9484\" or \"[::1]:9484\": what is shown there needs no log-in");
    *out = text ? conf_held_copy(l->held, text) : NULL;
}
