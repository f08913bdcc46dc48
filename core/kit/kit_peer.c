/* SPDX-License-Identifier: MIT
 * Played peers. */
#include "kit/kit_peer.h"

#include <string.h>

/* What http/http_exchange.c makes of statuses that are the host's business; 0: it is an answer. */
static int kind_of(int status, bool write)
{
    switch (status) {
    case 401:
        return KOPPEL_E_AUTH;
    case 429:
    case 503:
        return KOPPEL_E_RETRY;
    case 502:
    case 504:
        return write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
    default:
        return 0;
    }
}

int kit_peer_answer(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err)
{
    const struct kit_peer *p = arg;
    bool write = request->flags & KOPPEL_HTTP_WRITE;
    int kind = p->status ? kind_of(p->status, write) : p->fail;
    if (kind == KOPPEL_E_UNSURE && !write)
        kind = KOPPEL_E_RETRY; /* nothing was changed by a request that changes nothing */
    if (kind) {
        (void)err_set(err, kind, "the played peer gives status %d", p->status);
        if (err && kind == KOPPEL_E_RETRY)
            err->retry_after_ms = p->retry_after_ms;
        return -1;
    }
    size_t bytes = p->bytes ? p->bytes : p->body ? strlen(p->body) : 0;
    return kit_host_answer(out, p->status, p->type, p->body, bytes, err);
}
