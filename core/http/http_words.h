/* SPDX-License-Identifier: MIT
 * What a peer says in an answer that is JSON, as people read it. */
#ifndef KOPPEL_HTTP_HTTP_WORDS_H
#define KOPPEL_HTTP_HTTP_WORDS_H

#include <stddef.h>

/* Title, detail, message, error and field errors of a JSON object, each said once, on one line; the
 * caller frees it. NULL: it is no such object, or says nothing of the kind. */
char *http_words(const char *body, size_t bytes);

#endif
