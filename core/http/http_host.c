/* SPDX-License-Identifier: MIT
 * Hosts that may be spoken to without TLS: this machine. */
#include "http/http_host.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool http_host_is_loopback(const char *host)
{
    size_t n = strcspn(host, "/?#");
    if (n >= 5 && strncmp(host, "[::1]", 5) == 0) {
        host += 5;
        n -= 5;
    } else if (n >= 9 && strncasecmp(host, "localhost", 9) == 0) {
        host += 9;
        n -= 9;
    } else {
        size_t digits = strspn(host, "0123456789.");
        int a, b, c, d, used = 0;
        if (digits > 15 || digits > n ||
            sscanf(host, "%3d.%3d.%3d.%3d%n", &a, &b, &c, &d, &used) != 4 ||
            (size_t)used != digits || a != 127 || b > 255 || c > 255 || d > 255)
            return false;
        host += digits;
        n -= digits;
    }
    if (n == 0)
        return true;
    return *host == ':' && strspn(host + 1, "0123456789") == n - 1;
}
