/* SPDX-License-Identifier: MIT
 * Hosts that may be spoken to without TLS: this machine. */
#include "http/http_host.h"

#include <curl/curl.h>
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

/* Is there such a part? */
static bool has(CURLU *u, CURLUPart part)
{
    char *text = NULL;
    bool is = curl_url_get(u, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return is;
}

const char *http_host_fault(const char *url)
{
    const char *fault = NULL;
    if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
        return "must be a URL that starts with https:// or http://";
    CURLU *u = curl_url();
    CURLUcode rc = u ? curl_url_set(u, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
    if (rc == CURLUE_BAD_PORT_NUMBER)
        fault = "has a port that is none: it is a number from 1 to 65535";
    else if (rc != CURLUE_OK)
        fault = "is no URL, such as https://api.example.com";
    else if (has(u, CURLUPART_USER) || has(u, CURLUPART_PASSWORD))
        fault = "holds a user name or password, which belong into settings of their own";
    else if (has(u, CURLUPART_QUERY) || has(u, CURLUPART_FRAGMENT))
        fault = "must end before the \"?\" or \"#\"";
    curl_url_cleanup(u);
    return fault;
}
