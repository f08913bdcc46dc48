/* SPDX-License-Identifier: MIT
 * Records by their keys. */
#include "connection/connection_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "connection/able.h"
#include "connection/batch.h"
#include "connection/instance.h"
#include "connection/spread.h"

/* The entry that a record answers; NULL: nobody asked for it. */
static struct result_entry *asked(const struct koppel_fetch_request *request,
                                  struct koppel_results *part, const char *key)
{
    for (uint32_t i = 0; i < request->count; i++) {
        if (strcmp(request->ids[i], key) == 0)
            return &part->entries[i];
    }
    return NULL;
}

/* Moves what was emitted to the entries. */
static int deal(const struct koppel_fetch_request *request, struct koppel_batch *batch,
                struct koppel_results *part, struct koppel_error *err)
{
    for (int i = 0; i < batch->count; i++) {
        struct batch_record *r = &batch->records[i];
        struct result_entry *e = asked(request, part, r->key);
        if (!e)
            return err_reason(err, KOPPEL_E_BUG, "plugin.nobody", "plugin %s: fetch gave a record "
                              "that was not asked for", part->plugin);
        if (e->done)
            return err_reason(err, KOPPEL_E_BUG, "plugin.order",
                              "plugin %s: fetch answered one key twice", part->plugin);
        e->done = true;
        e->gone = r->kind == BATCH_GONE;
        e->unreadable = r->kind == BATCH_UNREADABLE_RECORD;
        if (!r->record)
            continue;
        e->hits = calloc(1, sizeof *e->hits);
        if (!e->hits)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        e->hits[0] = (struct result_hit){r->key, r->record, r->version};
        e->hit_count = 1;
        r->key = NULL;
        r->record = NULL;
    }
    return 0;
}

static void check_items(struct koppel_results *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!e->done && !e->err.kind)
            err_reason(&e->err, KOPPEL_E_BUG, "plugin.no_result",
                       "connector %s: fetch said nothing of this record", part->plugin);
    }
}

static int fetch_part(struct connection *c, const struct cat_entity *e,
                      const struct koppel_fetch_request *request, struct koppel_results *part,
                      json_t *trace, struct koppel_error *err)
{
    struct koppel_batch batch = {
        .plugin = part->plugin, .key_field = able_key_field(e), .unended = true};
    struct instance_call call;
    if (instance_begin(c, "fetch", e->name, trace, &call, err) < 0)
        return -1;
    int rc = c->conf->plugin->connector.fetch(call.instance->self, request, &batch, err);
    if (rc == 0 && batch.misuse.kind) {
        *err = batch.misuse;
        rc = -1;
    }
    if (rc == 0)
        rc = deal(request, &batch, part, err);
    if (rc == 0)
        check_items(part);
    batch_done(&batch);
    return instance_end(&call, rc, err);
}

int connection_fetch(struct connection *c, const char *entity, const char *const *ids, int count,
                     json_t *options, struct koppel_results *out, json_t *trace,
                     struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able_entity(c, entity, CAN_FETCH, "fetch", err);
    int rc = 0;
    if (!e)
        return -1;
    if (count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_BUG, "fetch: %d ids, room for %u results", count, out->count);
    json_t *object = options ? json_incref(options) : json_object();
    if (!object)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int at = 0; rc == 0 && at < count; at += e->batch_fetch) {
        int n = count - at < e->batch_fetch ? count - at : e->batch_fetch;
        struct koppel_results part = {.entries = out->entries + at, .count = (uint32_t)n,
                                      .plugin = c->conf->plugin->entry.name};
        struct koppel_fetch_request request = {.struct_size = sizeof request,
                                               .count = (uint32_t)n,
                                               .entity = entity,
                                               .ids = ids + at,
                                               .options = object};
        why = (struct koppel_error){0};
        rc = fetch_part(c, e, &request, &part, trace, &why);
        if (rc < 0 && n < count)
            rc = spread_failure(&part, &why);
        spread_names(c, &part);
    }
    json_decref(object);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
