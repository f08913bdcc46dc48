/* SPDX-License-Identifier: MIT
 * Addresses that something listens on, as a configuration writes them. */
#ifndef KOPPEL_CONFIG_CONF_LISTEN_H
#define KOPPEL_CONFIG_CONF_LISTEN_H

#include <netinet/in.h>
#include <stdbool.h>

union conf_listen {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};
/* "127.0.0.1:8484" or "[::1]:0": an address as numbers, and a port. -1: it is none. */
int conf_listen_parse(const char *text, union conf_listen *out);
/* Is it one of this machine alone? */
bool conf_listen_local(const union conf_listen *where);
/* 0: any that is free. */
unsigned conf_listen_port(const union conf_listen *where);

#endif
