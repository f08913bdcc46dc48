/* SPDX-License-Identifier: MIT
 * Fills in a job's next write. */
#include "flow/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "flow/document.h"

int plan_write(struct work *w, enum link_write write, json_t *record, const char *ref, bool last,
               const char *reason, struct koppel_error *err)
{
    char *own = ref && *ref ? strdup(ref) : NULL;
    char which[24] = "";
    if (ref && *ref && !own)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    plan_done(w);
    w->send_ref = own;
    w->send_record = json_incref(record);
    w->send_last = last;
    w->send_reason = reason;
    w->send = (struct send){.entity = w->flow->dest,
                            .scope = w->flow->scope,
                            .key = w->job->key,
                            .link = w->link,
                            .write = write,
                            .ref = own,
                            .record = w->send_record,
                            .previous = w->present,
                            .digest = last ? w->digest : NULL,
                            .version = w->job->version,
                            .trace = w->trace,
                            .notes = w->steps};
    bool by_id = write == WRITE_UPDATE || write == WRITE_REMOVE ||
                 (w->flow->means.upsert && w->link->state == LINK_THERE);
    if (by_id)
        w->send.id = w->link->id;
    /* another document of the same job is another request, and so is a create after a removal */
    if (write == WRITE_POST)
        snprintf(which, sizeof which, "%d", w->link->chain + 1);
    else if (write == WRITE_UPDATE)
        snprintf(which, sizeof which, "update");
    else if (write == WRITE_REMOVE)
        snprintf(which, sizeof which, "remove");
    send_job_key(w->flow, w->job, which, w->send.job_key);
    return 0;
}

int plan_repeat(struct work *w, struct koppel_error *err)
{
    const struct store_begun *begun = &w->link->begun;
    struct json_read_error where;
    json_t *record = json_read(begun->document, strlen(begun->document), NULL, &where);
    if (!record)
        return err_set(err, KOPPEL_E_BUG, "what was begun is no JSON: %s", where.text);
    int rc = plan_write(w, begun->write, record, begun->ref, begun->digest != NULL, "", err);
    json_decref(record);
    if (rc != 0)
        return -1;
    snprintf(w->send_digest, sizeof w->send_digest, "%s", begun->digest ? begun->digest : "");
    snprintf(w->send.job_key, sizeof w->send.job_key, "%s", begun->key);
    w->send.digest = begun->digest ? w->send_digest : NULL;
    w->send.version = begun->version;
    w->send_repeats = true;
    return 0;
}

void plan_done(struct work *w)
{
    send_done(&w->send);
    json_decref(w->send_record);
    free(w->send_ref);
    w->send = (struct send){0};
    w->send_record = NULL;
    w->send_ref = NULL;
    w->send_repeats = false;
}

void plan_forget_link(struct work *w)
{
    store_link_done(w->link);
    *w->link = (struct store_link){0};
    w->put = true;
    w->matched = false;
    work_look_anew(w);
    document_forget(w);
}
