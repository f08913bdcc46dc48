/* SPDX-License-Identifier: MIT
 * The headers of an answer, as plugins see them. */
#ifndef KOPPEL_HTTP_HTTP_HEADERS_H
#define KOPPEL_HTTP_HTTP_HEADERS_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#include "koppel/plugin.h"

/* The bytes that the text of the last answer's headers takes, and how many there are: at most 200
 * of 64 KiB; what is beyond that is left out. */
size_t http_headers_measure(CURL *easy, uint32_t *count);
/* Writes that many as pairs, and their text behind them. Names come in lower case. */
void http_headers_write(CURL *easy, struct koppel_pair *pairs, uint32_t count);

#endif
