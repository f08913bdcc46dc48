/* SPDX-License-Identifier: MIT
 * Makes a reference at the destination, or brings it up to date there. */
#include "flow/reference_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection/connection_fetch.h"
#include "flow/send.h"
#include "flow/send_show.h"
#include "mapping/map.h"

int reference_write_link(struct wanted *w, struct koppel_error *err)
{
    return links_keep(w->work->links, w->scope, w->key, w->link, err);
}

/* What is made of it at the destination: the source's own record of it, where the source can be
 * asked for that, with what the referring record says where it is silent. */
static json_t *core_to_make(struct wanted *w, struct koppel_error *err)
{
    struct flow *f = w->work->flow;
    struct koppel_results results;
    struct map_tell tell = {.notes = w->work->steps};
    char buf[32];
    const char *key = reference_find_text(w->part, "number", buf);
    json_t *core = NULL;
    if (!w->conf->source || !*key)
        return json_incref(w->part);
    if (results_init(&results, 1) != 0) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    int rc = connection_fetch(f->from, w->conf->source, &key, 1, NULL, &results, w->work->trace,
                              err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && entry->hit_count == 1 && !entry->unreadable)
        rc = map_apply(&w->conf->get, entry->hits[0].record, MAP_CREATE, &tell, &core, err);
    results_done(&results);
    if (rc != 0)
        return NULL;
    return core ? core : json_incref(w->part);
}

/* In a preview nothing is made: by what it will be named is unknown. */
static int show(struct wanted *w, const struct send *send, struct koppel_error *err)
{
    struct store_link *link = w->link;
    bool made = send->write == WRITE_CREATE;
    if (send_show(w->work->flow, send, w->work->shown, err) != 0)
        return -1;
    if (knowledge_stands(link, made ? SEND_SHOW_UNKNOWN : NULL, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    link->digest = send->digest ? strdup(send->digest) : NULL;
    return made ? reference_find_name(w, SEND_SHOW_UNKNOWN, err) : 0;
}

/* What is changed for a record is not undone where the record goes back to what it was before it
 * was sent: it must not pass for unchanged then. */
static int forget_content(struct work *work, struct koppel_error *err)
{
    struct store_link *link = work->link;
    if (link->state != LINK_THERE || !link->digest)
        return 0;
    free(link->digest);
    link->digest = NULL;
    work->put = true;
    return links_keep(work->links, work->flow->scope, work->job->key, link, err);
}

int reference_write(struct wanted *w, enum link_write write, const char *digest,
                    struct koppel_error *err)
{
    struct flow *f = w->work->flow;
    struct links *l = w->work->links;
    json_t *record = NULL;
    json_t *core = write == WRITE_CREATE ? core_to_make(w, err) : json_incref(w->part);
    char which[STORE_KEY_BYTES + 64], buf[32];
    if (!core)
        return -1;
    struct map_tell tell = {.notes = w->work->steps};
    int rc = map_apply(&w->conf->send, core, write == WRITE_CREATE ? MAP_CREATE : MAP_UPDATE,
                       &tell, &record, err);
    json_decref(core);
    if (rc != 0)
        return -1;
    struct send send = {.entity = w->entity,
                        .scope = w->scope,
                        .key = w->key,
                        .link = w->link,
                        .write = write,
                        .id = write == WRITE_UPDATE ? w->link->id : NULL,
                        .record = record,
                        .digest = digest,
                        .version = w->work->job->version,
                        .trace = w->work->trace,
                        .notes = w->work->steps};
    struct send *one = &send;
    snprintf(which, sizeof which, "%.20s/%s", w->ref->name, w->key);
    send_job_key(f, w->work->job, which, send.job_key);
    if (w->work->shown) {
        rc = show(w, &send, err);
        json_decref(record);
        return rc;
    }
    rc = forget_content(w->work, err);
    if (rc == 0)
        rc = send_announce(l, &one, 1, err);
    if (rc == 0) {
        send_all(f, l, &one, 1);
        if (!send.done) {
            *err = send.err;
            if (!err->kind)
                err_set(err, KOPPEL_E_CANCELLED, "stopped");
            rc = -1;
        } else if (write == WRITE_CREATE) {
            const char *alias = reference_find_text(send.answer, w->ref->key, buf);
            if (!*alias)
                alias = reference_find_text(record, w->ref->key, buf);
            rc = reference_find_name(w, alias, err);
        }
    }
    struct koppel_error ignored = {0};
    if (send.put && reference_write_link(w, rc == 0 ? err : &ignored) != 0)
        rc = -1;
    send_done(&send);
    json_decref(record);
    return rc;
}
