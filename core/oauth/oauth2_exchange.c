/* SPDX-License-Identifier: MIT
 * A request with the connection's bearer token: the layer above the client and the login. */
#include "oauth/oauth2_exchange.h"

int oauth2_exchange(struct oauth2 *o, struct http *h, const struct koppel_http_request *request,
                    struct http_leave *leave, struct koppel_http_response *out,
                    json_t *trace, struct koppel_error *err)
{
    for (int attempt = 0;; attempt++) {
        struct oauth2_bearer *bearer;
        bool refused;
        if (oauth2_hold(o, &bearer, err) != 0)
            return -1;
        const struct secret *token = oauth2_bearer_secret(bearer);
        int rc = http_exchange_bearer(h, request, token, leave, out, trace, &refused, err);
        bool again = refused && attempt == 0 && oauth2_refused(o, token, err) == 0;
        oauth2_bearer_drop(bearer);
        if (!again)
            return rc;
        if (err)
            *err = (struct koppel_error){0};
    }
}
