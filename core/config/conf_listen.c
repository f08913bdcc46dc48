/* SPDX-License-Identifier: MIT
 * Addresses to listen on. */
#include "config/conf_listen.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int conf_listen_parse(const char *text, union conf_listen *out)
{
    char host[HOST_BYTES];
    const char *colon = strrchr(text, ':');
    in_port_t port;
    memset(out, 0, sizeof *out);
    if (!colon || colon - text >= HOST_BYTES || parse_port(colon + 1, &port) != 0)
        return -1;
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    size_t length = strlen(host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        out->six.sin6_family = AF_INET6;
        out->six.sin6_port = port;
        return inet_pton(AF_INET6, host + 1, &out->six.sin6_addr) == 1 ? 0 : -1;
    }
    out->four.sin_family = AF_INET;
    out->four.sin_port = port;
    return inet_pton(AF_INET, host, &out->four.sin_addr) == 1 ? 0 : -1;
}

bool conf_listen_local(const union conf_listen *where)
{
    if (where->any.sa_family == AF_INET)
        return ntohl(where->four.sin_addr.s_addr) >> 24 == LOOPBACK;
    return IN6_IS_ADDR_LOOPBACK(&where->six.sin6_addr);
}

unsigned conf_listen_port(const union conf_listen *where)
{
    return ntohs(where->any.sa_family == AF_INET ? where->four.sin_port : where->six.sin6_port);
}
