/* SPDX-License-Identifier: MIT
 * Hosts that may be spoken to without TLS. */
#ifndef KOPPEL_HTTP_HTTP_HOST_H
#define KOPPEL_HTTP_HTTP_HOST_H

#include <stdbool.h>

/* Is this 127.x.y.z, ::1 or localhost, written plainly? Anything that reads differently to another
 * parser (user info, other spellings of addresses) is not. host: an address behind its "://". */
bool http_host_is_loopback(const char *host);

/* What is wrong with an address of a service, as words behind "it"; NULL: nothing. They live for
 * ever. */
const char *http_host_fault(const char *url);

#endif
