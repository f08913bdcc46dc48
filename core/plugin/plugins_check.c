/* SPDX-License-Identifier: MIT
 * The checks on a plugin that was opened: is it what this program can call? */
#include "plugin/plugins_check.h"

#include <stddef.h>
#include <string.h>

/* Copies what both sides have; the rest of out stays zero, which means "not supported". The size
 * that the plugin stamped stays in the copy. */
static void bounded_copy(void *out, size_t room, const void *from, uint32_t size)
{
    memcpy(out, from, size < room ? size : room);
}

/* Up to and including a pointer member. */
#define SIZE_WITH(type, member) (offsetof(struct type, member) + sizeof(void *))

int plugins_check_entry(struct plugin *plugin, const struct koppel_plugin *theirs, const char *name,
                       struct koppel_error *err)
{
    const char *path = plugin->path;
    if (!theirs)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected a struct koppel_plugin from koppel_plugin_entry(), "
                       "found NULL", path);
    if (theirs->magic != KOPPEL_PLUGIN_MAGIC)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected magic 0x%08x, found 0x%08x", path,
                       KOPPEL_PLUGIN_MAGIC, theirs->magic);
    if (theirs->abi_major != KOPPEL_ABI_MAJOR)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected ABI version %u, found %u; rebuild it against this "
                       "program's koppel/plugin.h", path, KOPPEL_ABI_MAJOR, theirs->abi_major);
    if (theirs->struct_size < SIZE_WITH(koppel_plugin, catalogue))
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected struct koppel_plugin of at least %zu bytes, found %u",
                       path, SIZE_WITH(koppel_plugin, catalogue), theirs->struct_size);
    bounded_copy(&plugin->entry, sizeof(plugin->entry), theirs, theirs->struct_size);
    const struct koppel_plugin *e = &plugin->entry;
    if (e->kind != KOPPEL_KIND_CONNECTOR && e->kind != KOPPEL_KIND_TRANSFORM)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected kind %u (connector) or %u (transform), found %u", path,
                       KOPPEL_KIND_CONNECTOR, KOPPEL_KIND_TRANSFORM, e->kind);
    if (e->threads > KOPPEL_THREADS_PLUGIN)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected threads from 0 to %u, found %u", path,
                       KOPPEL_THREADS_PLUGIN, e->threads);
    if (!e->name || strcmp(e->name, name) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected the name \"%s\", as its file, "
                       "found \"%s\"", path, name, e->name ? e->name : "");
    if (!e->version || !e->catalogue)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected a %s, found NULL", path,
                       e->version ? "catalogue" : "version");
    return 0;
}

static unsigned abilities(const struct catalogue *c)
{
    unsigned can = 0;
    for (int i = 0; i < c->entity_count; i++)
        can |= c->entities[i].can;
    return can;
}

int plugins_check_able(const struct plugin *plugin, const struct catalogue *catalogue,
                       struct koppel_error *err)
{
    const struct koppel_connector *ops = &plugin->connector;
    const char *missing = NULL, *because = "every connector needs it";
    unsigned can = abilities(catalogue);
    if (!ops->open) {
        missing = "open";
    } else if (!ops->probe) {
        missing = "probe";
    } else if ((can & CAN_READ) && !ops->read) {
        missing = "read";
        because = "its catalogue has an entity that can read";
    } else if ((can & CAN_FIND) && !ops->find) {
        missing = "find";
        because = "its catalogue has an entity that can find";
    } else if ((can & (CAN_CREATE | CAN_UPDATE | CAN_REMOVE)) && !ops->write) {
        missing = "write";
        because = "its catalogue has an entity that can create, update or remove";
    } else if ((can & CAN_FETCH) && !ops->fetch) {
        missing = "fetch";
        because = "its catalogue has an entity that can fetch";
    } else if ((can & CAN_DESCRIBE) && !ops->describe) {
        missing = "describe";
        because = "its catalogue has an entity that can describe";
    } else if ((can & CAN_RECEIVE) && (!ops->receive || !ops->subscribe || !ops->unsubscribe)) {
        missing = !ops->receive ? "receive" : !ops->subscribe ? "subscribe" : "unsubscribe";
        because = "its catalogue has an entity that can receive";
    } else if (catalogue->choice_count > 0 && !ops->choices) {
        missing = "choices";
        because = "its catalogue names choice lists";
    }
    if (missing)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected the connector function %s (%s), "
                       "found none", plugin->path, missing, because);
    return 0;
}

static int check_connector(struct plugin *plugin, struct koppel_error *err)
{
    const struct koppel_connector *theirs = plugin->entry.connector;
    if (!theirs || theirs->struct_size < SIZE_WITH(koppel_connector, probe))
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: kind connector: expected a struct koppel_connector of at least "
                       "%zu bytes, found %s", plugin->path, SIZE_WITH(koppel_connector, probe),
                       theirs ? "a smaller one" : "NULL");
    bounded_copy(&plugin->connector, sizeof(plugin->connector), theirs, theirs->struct_size);
    return plugins_check_able(plugin, plugin->catalogue, err);
}

static int check_transform(struct plugin *plugin, struct koppel_error *err)
{
    const struct koppel_transform *theirs = plugin->entry.transform;
    if (!theirs || theirs->struct_size < SIZE_WITH(koppel_transform, convert))
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: kind transform: expected a struct koppel_transform of at least "
                       "%zu bytes, found %s", plugin->path, SIZE_WITH(koppel_transform, convert),
                       theirs ? "a smaller one" : "NULL");
    bounded_copy(&plugin->transform, sizeof(plugin->transform), theirs, theirs->struct_size);
    if (plugin->transform.prepare && !plugin->transform.release)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected the transform function release "
                       "(it has prepare), found none", plugin->path);
    if (plugin->catalogue->function_count == 0)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: kind transform: expected \"functions\" in "
                       "its catalogue, found none", plugin->path);
    for (int i = 0; i < plugin->catalogue->function_count; i++) {
        const struct cat_function *f = &plugin->catalogue->functions[i];
        if (f->record ? !plugin->transform.record : !plugin->transform.convert)
            return err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected the transform function %s "
                           "(for \"%s\" of its catalogue), found none", plugin->path,
                           f->record ? "record" : "convert", f->name);
    }
    return 0;
}

int plugins_check_ops(struct plugin *plugin, struct koppel_error *err)
{
    return plugin->entry.kind == KOPPEL_KIND_CONNECTOR ? check_connector(plugin, err)
                                                       : check_transform(plugin, err);
}
