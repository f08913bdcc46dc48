/* SPDX-License-Identifier: MIT
 * Drafts of a user, sealed. */
#include "service/drafts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "service/ask.h"

#define NAME_BYTES 512
#define DRAFT_BYTES (512 * 1024) /* with all that may be undone */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The sealed value; a user's name may hold anything but a slash. */
static int name_of(struct service *s, const struct service_ask *ask, char out[NAME_BYTES],
                   struct koppel_error *err)
{
    const struct conf_flow *flow = ask_flow(s, ask_text(ask, "flow"), err);
    if (!flow)
        return -1;
    int n = snprintf(out, NAME_BYTES, "draft/%s/%s", flow->name, ask->who->name);
    return n < NAME_BYTES ? 0
                          : err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "too long a name");
}

int drafts_show(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    char name[NAME_BYTES];
    struct secret *kept = NULL;
    if (name_of(s, ask, name, err) != 0 ||
        (s->store && s->store->ops->sealed_get(s->store, name, &kept, NULL, err) != 0))
        return -1;
    *out = kept ? json_read(secret_text(kept), secret_bytes(kept), NULL, NULL)
                : json_pack("{s:n,s:n}", "draft", "at");
    secret_free(kept);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "the draft that is kept cannot be read");
}

int drafts_keep(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    json_t *draft = json_object_get(ask->in, "draft");
    char name[NAME_BYTES], at[CLOCK_TEXT_BYTES];
    size_t bytes = 0;
    if (name_of(s, ask, name, err) != 0)
        return -1;
    clock_format(s->store->ops->now_ms(s->store), at);
    json_t *kept = json_pack("{s:O?,s:s}", "draft", draft, "at", at);
    char *text = kept ? json_text(kept, true, &bytes) : NULL;
    int rc = text ? 0 : no_memory(err);
    if (rc == 0 && bytes > DRAFT_BYTES)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "the draft is too long");
    if (rc == 0 && draft)
        rc = s->store->ops->sealed_put(s->store, name, text, bytes, -1, NULL, err);
    else if (rc == 0)
        rc = s->store->ops->sealed_drop(s->store, name, err);
    if (rc == 0)
        *out = json_pack("{s:s}", "at", at);
    free(text);
    json_decref(kept);
    return rc == 0 && !*out ? no_memory(err) : rc;
}
