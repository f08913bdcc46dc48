// SPDX-License-Identifier: MIT
// A throw-away certificate for 127.0.0.1 and localhost, in a folder of its own.
#ifndef KOPPEL_SANDBOX_SERVER_TLS_H
#define KOPPEL_SANDBOX_SERVER_TLS_H

#include <stdbool.h>

struct tls_files {
    char folder[200];
    char cert[220]; // also what a client has to trust
    char key[220];
};

// Makes both with the openssl program; false with a line on stderr when that fails.
bool tls_make(struct tls_files *t);
// Removes what was made; nothing when nothing was.
void tls_remove(const struct tls_files *t);

#endif
