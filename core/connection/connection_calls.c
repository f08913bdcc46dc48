/* SPDX-License-Identifier: MIT
 * The connector's calls: what the catalogue allows, split at its batch sizes, with an outcome for
 * every item whatever the plugin did. */
#include <string.h>

#include "connection/host_internal.h"

static const struct cat_entity *able(const struct connection *c, const char *entity, unsigned can,
                                     const char *verb, struct koppel_error *err)
{
    const struct cat_entity *e = catalogue_entity(c->conf->catalogue, entity);
    if (e && (e->can & can))
        return e;
    err_set(err, KOPPEL_E_CONFIG, e ? "connection %s: entity \"%s\" cannot %s"
                                    : "connection %s: no entity \"%s\" (wanted to %s)",
            c->conf->name, entity, verb);
    return NULL;
}

int connection_probe(struct connection *c, struct koppel_list *facts, json_t *trace,
                     struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct instance *in = connection_borrow(c, trace, &why);
    int rc = -1;
    if (in) {
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.probe(in->self, facts, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "probe", rc, &why);
        connection_give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_verify(struct connection *c, const char *entity, struct koppel_list *out,
                      struct koppel_error *err)
{
    struct koppel_error why = {0};
    if (!c->conf->plugin->connector.verify)
        return 0;
    struct instance *in = connection_borrow(c, NULL, &why);
    int rc = -1;
    if (in) {
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.verify(in->self, entity, out, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "verify", rc, &why);
        connection_give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_choices(struct connection *c, const char *list, struct koppel_list *out,
                       struct koppel_error *err)
{
    const struct catalogue *cat = c->conf->catalogue;
    struct koppel_error why = {0};
    bool known = false;
    for (int i = 0; i < cat->choice_count; i++)
        known = known || strcmp(cat->choices[i], list) == 0;
    if (!known || !c->conf->plugin->connector.choices)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: no choice list \"%s\"", c->conf->name,
                       list);
    struct instance *in = connection_borrow(c, NULL, &why);
    int rc = -1;
    if (in) {
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.choices(in->self, list, out, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "choices", rc, &why);
        connection_give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

/* request lacks the options, which may be NULL. */
static int read_batch(struct connection *c, struct koppel_read_request request, json_t *options,
                      struct koppel_batch *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    json_t *object = options ? json_incref(options) : json_object();
    if (!object)
        return host_no_memory(err);
    request.struct_size = sizeof(request);
    request.options = object;
    struct instance *in = connection_borrow(c, trace, &why);
    int rc = -1;
    if (in) {
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.read(in->self, &request, out, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "read", rc, &why);
        if (rc == 0 && !out->next_cursor)
            rc = err_set(&why, KOPPEL_E_BUG, "connector %s: read of %s did not call batch_end",
                         c->conf->plugin->entry.name, request.entity);
        connection_give_back(c, in);
    }
    json_decref(object);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_read(struct connection *c, const char *entity, const char *cursor, int limit,
                    json_t *options, struct koppel_batch *out, json_t *trace,
                    struct koppel_error *err)
{
    const struct cat_entity *e = able(c, entity, CAN_READ, "read", err);
    if (!e)
        return -1;
    struct koppel_read_request request = {
        .limit = (uint32_t)(limit > 0 && limit < e->batch_read ? limit : e->batch_read),
        .entity = entity,
        .cursor = cursor,
    };
    return read_batch(c, request, options, out, trace, err);
}

int connection_read_page(struct connection *c, const char *entity, uint32_t page, json_t *options,
                         struct koppel_batch *out, struct koppel_error *err)
{
    const struct cat_entity *e = able(c, entity, CAN_READ, "read", err);
    if (!e)
        return -1;
    if (!e->numbered)
        return err_set(err, KOPPEL_E_BUG, "connection %s: the pages of \"%s\" have no numbers",
                       c->conf->name, entity);
    struct koppel_read_request request = {
        .limit = (uint32_t)e->batch_read, .entity = entity, .page = page};
    return read_batch(c, request, options, out, NULL, err);
}

/* Kinds that speak of the items of one call; the others speak of the whole connection. */
static bool is_item_kind(int kind)
{
    return kind == KOPPEL_E_REJECTED || kind == KOPPEL_E_EXISTS || kind == KOPPEL_E_UNSURE
           || kind == KOPPEL_E_BUG;
}

/* One of several calls failed: its items without a result get err and the next call may go on; or
 * -1 where going on is of no use. */
static int spread_failure(struct koppel_results *part, const struct koppel_error *err)
{
    if (!is_item_kind(err->kind))
        return -1;
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!e->done && e->hit_count == 0 && !e->err.kind)
            e->err = *err;
    }
    return 0;
}

static void name_errors(const struct connection *c, struct koppel_results *part)
{
    for (uint32_t i = 0; i < part->count; i++)
        connection_name_error(c, &part->entries[i].err);
}

int connection_find(struct connection *c, const char *entity, const char *match,
                    const char *const *keys, json_t *const *records, int count,
                    struct koppel_results *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able(c, entity, CAN_FIND, "find", err);
    if (!e)
        return -1;
    bool listed = false;
    for (int i = 0; i < e->find_count; i++)
        listed = listed || strcmp(e->find[i], match) == 0;
    if (!listed || count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot find by \"%s\"",
                       c->conf->name, entity, match);
    struct instance *in = connection_borrow(c, trace, &why);
    int rc = in ? 0 : -1;
    for (int at = 0; in && rc == 0 && at < count; at += e->batch_find) {
        int n = count - at < e->batch_find ? count - at : e->batch_find;
        struct koppel_results part = {out->entries + at, (uint32_t)n};
        struct koppel_find_request request = {
            .struct_size = sizeof(request),
            .count = (uint32_t)n,
            .entity = entity,
            .match = match,
            .keys = keys + at,
            .records = records ? records + at : NULL,
        };
        why = (struct koppel_error){0};
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.find(in->self, &request, &part, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "find", rc, &why);
        if (rc < 0 && n < count)
            rc = spread_failure(&part, &why);
        name_errors(c, &part);
    }
    if (in)
        connection_give_back(c, in);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static int check_write(const struct connection *c, const char *entity, uint32_t verb,
                       uint32_t flags, const struct koppel_write_item *const *items, int count,
                       const struct cat_entity **out, struct koppel_error *err)
{
    static const unsigned needs[] = {0, CAN_CREATE, CAN_UPDATE, CAN_REMOVE};
    static const char *const names[] = {"", "create", "update", "remove"};
    if (verb < KOPPEL_VERB_CREATE || verb > KOPPEL_VERB_REMOVE)
        return err_set(err, KOPPEL_E_BUG, "write: unknown verb %u", verb);
    const struct cat_entity *e = able(c, entity, needs[verb], names[verb], err);
    if (!e)
        return -1;
    if ((flags & KOPPEL_WRITE_DRY_RUN) && !(e->can & CAN_DRY_RUN))
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot dry-run",
                       c->conf->name, entity);
    for (int i = 0; verb != KOPPEL_VERB_CREATE && i < count; i++) {
        if (!items[i]->id)
            return err_set(err, KOPPEL_E_BUG, "write: %s of \"%s\" without an id", names[verb],
                           entity);
    }
    *out = e;
    return 0;
}

/* A result per item is the contract; an item without one may have been written. */
static void check_complete(const struct connection *c, struct koppel_results *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!e->done && !e->err.kind)
            err_set(&e->err, KOPPEL_E_BUG, "connector %s: write gave no result for this record",
                    c->conf->plugin->entry.name);
    }
}

int connection_write(struct connection *c, const char *entity, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = NULL;
    if (check_write(c, entity, verb, flags, items, count, &e, err) < 0)
        return -1;
    if (count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_BUG, "write: %d items, room for %u results", count,
                       out->count);
    struct instance *in = connection_borrow(c, trace, &why);
    int rc = in ? 0 : -1;
    for (int at = 0; in && rc == 0 && at < count; at += e->batch_write) {
        int n = count - at < e->batch_write ? count - at : e->batch_write;
        struct koppel_results part = {out->entries + at, (uint32_t)n};
        struct koppel_write_request request = {
            .struct_size = sizeof(request),
            .verb = verb,
            .flags = flags,
            .count = (uint32_t)n,
            .entity = entity,
            .items = items + at,
        };
        why = (struct koppel_error){0};
        plugin_lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.write(in->self, &request, &part, &why);
        plugin_unlock_turn(c->conf->plugin);
        rc = connection_failure(c, "write", rc, &why);
        if (rc == 0)
            check_complete(c, &part);
        else if (n < count)
            rc = spread_failure(&part, &why);
        name_errors(c, &part);
    }
    if (in)
        connection_give_back(c, in);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
