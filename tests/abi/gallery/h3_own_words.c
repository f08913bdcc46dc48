/* SPDX-License-Identifier: MIT
 * It says in its own words what the host has said better. */
#define ASK bad_ask
struct gallery;
struct gallery_call;
struct koppel_error;
struct json_t;
static int bad_ask(struct gallery *g, const struct gallery_call *c, struct json_t **list,
                   struct koppel_error *err);
#include "gallery.h"

static int bad_ask(struct gallery *g, const struct gallery_call *c, json_t **list,
                   struct koppel_error *err)
{
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    if (gallery_http(g, c, &answer, err) < 0)
        return g->host->fail(err, gallery_unclear(c), "the service cannot be reached");
    g->host->http_done(g->ctx, &answer);
    return good_ask(g, c, list, err);
}

GALLERY();
