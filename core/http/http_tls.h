/* SPDX-License-Identifier: MIT
 * What a TLS handshake showed: the peer's certificate, or why there was none to be trusted. */
#ifndef KOPPEL_HTTP_HTTP_TLS_H
#define KOPPEL_HTTP_HTTP_TLS_H

#include "http/http_slot.h"

/* Reasons of a handshake that failed. Only HTTP_TLS_ENDED passes by itself. */
#define HTTP_TLS_ENDED "tls.expired"     /* the certificate has expired, or is not valid yet */
#define HTTP_TLS_NAME "tls.name"         /* it is of another host */
#define HTTP_TLS_ISSUER "tls.issuer"     /* nobody that is trusted has issued it */
#define HTTP_TLS_UNTRUSTED "tls.certificate" /* something else is wrong with it */
#define HTTP_TLS_VERSION "tls.version"   /* no version in common */
#define HTTP_TLS_NONE "tls.none"         /* what answers there speaks no TLS */

/* Was it the handshake that failed, before anything was sent? Then err says why. problem: libcurl's
 * words, masked. */
bool http_tls_failed(const struct http *h, const struct http_slot *s, CURLcode code,
                     const char *origin, const char *problem, struct koppel_error *err);
/* The certificate of the slot's last handshake; false: there was none, or it cannot be read. */
bool http_tls_certificate(const struct http_slot *s, struct http_certificate *out);
/* Remembers it for http_certificate, where the exchange made a new connection. */
void http_tls_note(struct http *h, const struct http_slot *s);

#endif
