/* SPDX-License-Identifier: MIT
 * When a certificate of TLS ends. */
#include "base/certificate.h"

#include <gnutls/x509.h>

int64_t certificate_ends_ms(const char *path)
{
    gnutls_datum_t pem = {0};
    gnutls_x509_crt_t own;
    time_t ends = (time_t)-1;
    if (gnutls_load_file(path, &pem) < 0)
        return 0;
    if (gnutls_x509_crt_init(&own) == 0) {
        if (gnutls_x509_crt_import(own, &pem, GNUTLS_X509_FMT_PEM) == 0)
            ends = gnutls_x509_crt_get_expiration_time(own);
        gnutls_x509_crt_deinit(own);
    }
    gnutls_free(pem.data);
    return ends == (time_t)-1 ? 0 : (int64_t)ends * 1000;
}
