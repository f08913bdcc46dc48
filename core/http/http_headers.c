/* SPDX-License-Identifier: MIT
 * The headers of an answer, copied out of libcurl's handle, which goes back to its pool. */
#include "http/http_headers.h"

#include <string.h>

#define KEPT 200
#define KEPT_BYTES (64 * 1024)

/* Of the answer itself: not of what came before it (100 Continue). */
static struct curl_header *next(CURL *easy, struct curl_header *before)
{
    return curl_easy_nextheader(easy, CURLH_HEADER, -1, before);
}

size_t http_headers_measure(CURL *easy, uint32_t *count)
{
    size_t bytes = 0;
    struct curl_header *h = NULL;
    *count = 0;
    while (*count < KEPT && (h = next(easy, h))) {
        size_t more = strlen(h->name) + strlen(h->value) + 2;
        if (bytes + more > KEPT_BYTES)
            break;
        bytes += more;
        ++*count;
    }
    return bytes;
}

void http_headers_write(CURL *easy, struct koppel_pair *pairs, uint32_t count)
{
    char *text = (char *)(pairs + count);
    struct curl_header *h = NULL;
    for (uint32_t i = 0; i < count && (h = next(easy, h)); i++) {
        size_t name = strlen(h->name) + 1, value = strlen(h->value) + 1;
        memcpy(text, h->name, name);
        for (char *c = text; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
        memcpy(text + name, h->value, value);
        /* libcurl 7.88 leaves the line's end in a value that is empty */
        for (char *end = text + name + value - 1; end > text + name && end[-1] <= ' ';)
            *--end = '\0';
        pairs[i] = (struct koppel_pair)KOPPEL_PAIR(text, text + name);
        text += name + value;
    }
}
