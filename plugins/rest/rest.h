/* SPDX-License-Identifier: MIT
 * An instance of the connector, and what all its files share of the description. */
#ifndef PLUGINS_REST_REST_H
#define PLUGINS_REST_REST_H

#include <stdbool.h>

#include "koppel/sdk.h"

#define REST_KEY_BYTES 256  /* of a key, NUL included */
#define REST_PLACE_BYTES 200
#define REST_NAME_BYTES 129 /* of what stands between { and }, NUL included */

struct rest {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    json_t *catalogue; /* the description; borrowed, as all below it */
    json_t *service;   /* of it; NULL: it has none */
    char *base;        /* address that paths are added to, without a slash at its end */
    bool misfit;       /* a text of the call wants a whole number, and the key is none */
    char unfit[REST_NAME_BYTES]; /* what is there and cannot be put into a text of the call; "" */
};

/* Fails with "out of memory". */
int rest_no_memory(struct rest *r, struct koppel_error *err);
/* The element of a list of objects whose "name" is this; NULL: there is none. */
json_t *rest_named(const json_t *list, const char *name);
/* An entity of the description, and one of its calls; NULL: there is none. */
json_t *rest_entity(const struct rest *r, const char *name);
json_t *rest_call(const json_t *entity, const char *call);
/* A header by its name in any case; theirs is the lower one. NULL: it is not there. */
const char *rest_header(const struct koppel_pair *headers, uint32_t count, const char *name);

#endif
