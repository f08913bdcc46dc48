/* SPDX-License-Identifier: MIT
 * Is somebody there? Name, connection and TLS of an address, one by one; nothing is sent. */
#ifndef KOPPEL_HTTP_HTTP_REACH_H
#define KOPPEL_HTTP_HTTP_REACH_H

#include "http/http.h"

enum http_reach_part { HTTP_REACH_NAME, HTTP_REACH_CONNECT, HTTP_REACH_TLS, HTTP_REACH_PARTS };

struct http_reach {
    char origin[256];  /* host, and port where the address names one */
    bool plain;        /* no TLS is wanted: it is this machine itself */
    int parts;         /* how many went well, from the first; the next one failed */
    int64_t ms[HTTP_REACH_PARTS]; /* what each took; 0: it was not come to */
    char address[64];  /* where the name leads to; "": unknown */
    char version[16];  /* "TLS 1.3"; "": unknown */
    struct http_certificate certificate; /* ends_ms 0: it could not be read */
};

/* 0: all of it went well. -1 and err: not; out tells how far it went. Reasons are "http.name",
 * "http.connect", "http.timeout", "tls.closed" and those of http_tls.h. */
int http_reach(struct http *h, const char *url, struct http_reach *out, struct koppel_error *err);

#endif
