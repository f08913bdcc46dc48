/* SPDX-License-Identifier: MIT
 * Records that cannot be taken: see unreadable.h. */
#include "unreadable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int emit_bad(struct mplus *m, struct koppel_batch *out, const struct soap_unreadable *bad,
                    const char *id, struct koppel_error *err)
{
    char place[SOAP_PLACE_BYTES + SOAP_WHY_BYTES + 2];
    snprintf(place, sizeof place, "%s %s", bad->place, bad->why);
    int64_t version = call_number(bad->record, "syncMarker");
    if (version == 0)
        version = call_number(bad->record, "stockId");
    return m->host->emit_unreadable(out, id, version, bad->raw, bad->raw_bytes, place, err);
}

int unreadable_emit(struct mplus *m, struct koppel_batch *out, const struct soap_unreadable *bad,
                    const char *key, struct koppel_error *err)
{
    return emit_bad(m, out, bad, call_text(bad->record, key), err);
}

const struct soap_unreadable *unreadable_of(const struct soap_unreadable *bad, const char *key,
                                            const char *id)
{
    const struct soap_unreadable *nameless = NULL;
    for (; bad; bad = bad->next) {
        const char *own = call_text(bad->record, key);
        if (own && strcmp(own, id) == 0)
            return bad;
        if (!own)
            nameless = bad;
    }
    return nameless;
}

int unreadable_missing(struct mplus *m, const struct koppel_fetch_request *request,
                       const json_t *there, const struct soap_unreadable *bad, const char *key,
                       struct koppel_batch *out, struct koppel_error *err)
{
    int rc = 0;
    for (uint32_t i = 0; i < request->count && rc == 0; i++) {
        const char *id = request->ids[i];
        if (json_object_get(there, id))
            continue;
        const struct soap_unreadable *unread = unreadable_of(bad, key, id);
        rc = unread ? emit_bad(m, out, unread, id, err) : m->host->emit_gone(out, id, 0, err);
    }
    return rc;
}

int unreadable_incomplete(struct mplus *m, struct koppel_batch *out, const char *key,
                          int64_t version, const json_t *record, const char *place,
                          struct koppel_error *err)
{
    char *raw = json_dumps(record, JSON_COMPACT);
    if (!raw)
        return call_no_memory(m, err);
    int rc = m->host->emit_unreadable(out, key, version, raw, strlen(raw), place, err);
    free(raw);
    return rc;
}
