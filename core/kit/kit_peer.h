/* SPDX-License-Identifier: MIT
 * A peer that is only played: it gives each request the same answer, or the same failure. */
#ifndef KOPPEL_KIT_KIT_PEER_H
#define KOPPEL_KIT_KIT_PEER_H

#include "kit/kit_host.h"

struct kit_peer {
    int status;             /* 0: it fails instead */
    const char *type, *body;
    size_t bytes;           /* of body; 0 with a body: it ends at its NUL */
    int fail;               /* KOPPEL_E_*, of a peer that fails */
    int64_t retry_after_ms;
};

/* kit_host.peer; arg is a struct kit_peer. 401, 429 and 502 to 504 become the failures that the
 * program makes of them. */
int kit_peer_answer(void *arg, const struct koppel_http_request *request,
                    struct koppel_http_response *out, struct koppel_error *err);

#endif
