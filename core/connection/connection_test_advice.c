/* SPDX-License-Identifier: MIT
 * What to do where a step of a test failed. */
#include "connection/connection_test_advice.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *reason, *advice;
} of_reasons[] = {
    {"http.name", "look for a slip in the address, and whether this machine can resolve names"},
    {"http.connect",
     "look at host and port of the address; if they are right, the system is down, or a firewall "
     "stands between"},
    {"http.timeout",
     "the system is slow or not there; if a firewall drops what is sent, it looks the same"},
    {"tls.expired", "tell whoever runs the system; look at the clock of this machine"},
    {"tls.name", "give the address by a name that the certificate is for"},
    {"tls.issuer", "if the system is your own, name its CA file in tls_ca; else do not go on"},
    {"tls.certificate", "do not go on before it is clear why the certificate is not trusted"},
    {"tls.version", "ask whoever runs the system for a newer version of TLS"},
    {"tls.none", "look at the port, and whether the address should begin with https"},
    {"tls.closed", "look at the port, and whether the address should begin with https"},
    {"oauth.client", "look at client_id and client_secret; a secret may have been renewed there"},
    {"circuit.open", "the system failed a moment ago and rests; ask again soon"},
    {"access", "ask whoever runs the system to let this account do it"},
};

const char *connection_test_advice(const struct koppel_error *err, const char *login,
                                   char out[CONNECTION_TEST_ADVICE_BYTES])
{
    for (size_t i = 0; i < sizeof of_reasons / sizeof *of_reasons; i++) {
        if (strcmp(err->reason, of_reasons[i].reason) == 0)
            return of_reasons[i].advice;
    }
    switch (err->kind) {
    case KOPPEL_E_AUTH:
        if (!login)
            return "look at the credentials in the settings";
        snprintf(out, CONNECTION_TEST_ADVICE_BYTES, "run: koppel connect %s", login);
        return out;
    case KOPPEL_E_RETRY:
        return "ask again later; if it stays so, tell whoever runs the system";
    case KOPPEL_E_CONFIG:
        return "correct the setting, then test again";
    case KOPPEL_E_BUG:
        return "tell the author of the plugin";
    default:
        return NULL;
    }
}
