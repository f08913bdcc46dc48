/* SPDX-License-Identifier: MIT
 * Writes, split at what the connector takes, with an outcome for every item whatever the plugin
 * did. */
#include "connection/connection_write.h"

#include "base/log.h"
#include "connection/able.h"
#include "connection/instance.h"
#include "connection/spread.h"

static int check_write(const struct connection *c, const char *entity, uint32_t verb,
                       uint32_t flags, const struct koppel_write_item *const *items, int count,
                       const struct cat_entity **out, struct koppel_error *err)
{
    static const unsigned needs[] = {0, CAN_CREATE, CAN_UPDATE, CAN_REMOVE};
    static const char *const names[] = {"", "create", "update", "remove"};
    if (verb < KOPPEL_VERB_CREATE || verb > KOPPEL_VERB_REMOVE)
        return err_set(err, KOPPEL_E_BUG, "write: unknown verb %u", verb);
    const struct cat_entity *e = able_entity(c, entity, needs[verb], names[verb], err);
    if (!e)
        return -1;
    if ((flags & KOPPEL_WRITE_DRY_RUN) && !(e->can & CAN_DRY_RUN))
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot dry-run",
                       c->conf->name, entity);
    for (int i = 0; i < count; i++) {
        if (!items[i]->job || !items[i]->job[0])
            return err_set(err, KOPPEL_E_BUG, "write: %s of \"%s\" without a job", names[verb],
                           entity);
        if (verb != KOPPEL_VERB_CREATE && (!items[i]->id || !items[i]->id[0]))
            return err_set(err, KOPPEL_E_BUG, "write: %s of \"%s\" without an id", names[verb],
                           entity);
    }
    *out = e;
    return 0;
}

/* A result per item is the contract. An item without one may have been written, and so may one that
 * was made without saying what it is called: both are looked up before anything else happens. */
static void check_items(const struct connection *c, const struct koppel_write_request *request,
                        struct koppel_results *part)
{
    const char *plugin = c->conf->plugin->entry.name;
    bool told = false;
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (e->done && request->verb == KOPPEL_VERB_CREATE && !e->hits[0].id
            && !(request->flags & KOPPEL_WRITE_DRY_RUN)) {
            e->done = false;
            err_reason(&e->err, KOPPEL_E_UNSURE, "plugin.no_id",
                       "connector %s: write made this record and gave no id", plugin);
        }
        if (e->done)
            e->err = (struct koppel_error){0};
        if (e->done || e->err.kind)
            continue;
        const char *more = part->misuse.kind ? part->misuse.text : "";
        err_reason(&e->err, KOPPEL_E_UNSURE, part->misuse.kind ? part->misuse.reason
                                                               : "plugin.no_result",
                   "connector %s: write gave no result for this record%s%s", plugin,
                   *more ? "; " : "", more);
        told = true;
    }
    if (part->misuse.kind && !told && !atomic_exchange(&c->misused, true))
        log_error(LOG_ABOUT(.event = "plugin", .connection = c->conf->name, .plugin = plugin,
                            .reason = part->misuse.reason),
                  "%s", part->misuse.text);
}

static int write_part(struct connection *c, const struct koppel_write_request *request,
                      struct koppel_results *part, struct http_leave *leave, json_t *trace,
                      struct koppel_error *err)
{
    struct instance_call call;
    if (instance_begin(c, "write", request->entity, trace, &call, err) < 0)
        return -1;
    call.instance->ctx.leave = leave;
    int rc = c->conf->plugin->connector.write(call.instance->self, request, part, err);
    if (rc == 0)
        check_items(c, request, part);
    call.of_items = spread_down(part);
    rc = instance_end(&call, rc, err);
    for (uint32_t i = 0; i < part->count; i++) {
        if (part->entries[i].done && !(request->flags & KOPPEL_WRITE_DRY_RUN)) {
            breaker_accepted(c->breaker);
            break;
        }
    }
    return rc;
}

int connection_write(struct connection *c, const char *entity, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, struct http_leave *leave, json_t *trace,
                     struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = NULL;
    int rc = 0;
    if (check_write(c, entity, verb, flags, items, count, &e, err) < 0)
        return -1;
    if (count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_BUG, "write: %d items, room for %u results", count,
                       out->count);
    for (int at = 0; rc == 0 && at < count; at += e->batch_write) {
        int n = count - at < e->batch_write ? count - at : e->batch_write;
        struct koppel_results part = {.entries = out->entries + at, .count = (uint32_t)n,
                                      .plugin = c->conf->plugin->entry.name};
        struct koppel_write_request request = {
            .struct_size = sizeof request,
            .verb = verb,
            .flags = flags,
            .count = (uint32_t)n,
            .entity = entity,
            .items = items + at,
        };
        why = (struct koppel_error){0};
        rc = write_part(c, &request, &part, leave, trace, &why);
        if (rc < 0 && n < count)
            rc = spread_failure(&part, &why);
        spread_names(c, &part);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}
