/* SPDX-License-Identifier: MIT
 * When a certificate of TLS ends. */
#ifndef KOPPEL_BASE_CERTIFICATE_H
#define KOPPEL_BASE_CERTIFICATE_H

#include <stdint.h>

/* The end of the first certificate of a PEM file, in ms since 1970; of a chain that is the server's
 * own. 0: there is none that can be read. */
int64_t certificate_ends_ms(const char *path);

#endif
