/* SPDX-License-Identifier: MIT
 * The functions of all transforms, by their names. */
#include "plugin/plugins_function.h"

#include <string.h>

#include "plugin/plugins_names.h"

static const struct plugin *load_transform(struct plugins *p, const char *name,
                                           struct koppel_error *err)
{
    const struct plugin *plugin = plugins_load(p, name, err);
    if (plugin && plugin->entry.kind != KOPPEL_KIND_TRANSFORM) {
        err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\" is a connector; it has no functions", name);
        return NULL;
    }
    return plugin;
}

/* "text.trim" */
static int qualified_function(struct plugins *p, const char *name, const char *dot,
                              const struct plugin **out, uint32_t *function,
                              struct koppel_error *err)
{
    char owner[PLUGINS_NAME_BYTES + 1];
    size_t n = (size_t)(dot - name);
    if (n > PLUGINS_NAME_BYTES)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"", name);
    memcpy(owner, name, n);
    owner[n] = '\0';
    const struct plugin *plugin = load_transform(p, owner, err);
    if (!plugin)
        return err_prefix(err, "function \"%s\"", name);
    int index = catalogue_function(plugin->catalogue, dot + 1);
    if (index < 0)
        return err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\" has no function \"%s\"", owner,
                       dot + 1);
    *out = plugin;
    *function = (uint32_t)index;
    return 0;
}

int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err)
{
    const char *dot = strchr(name, '.');
    if (dot)
        return qualified_function(p, name, dot, out, function, err);
    int count = 0, found = -1, rc = 0;
    const struct plugin *owner = NULL;
    struct koppel_error refused = {0}; /* of the first broken plugin: it may own the name */
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count && rc == 0; i++) {
        struct koppel_error why = {0};
        const struct plugin *plugin = plugins_load(p, names[i], &why);
        if (!plugin && !refused.kind)
            refused = why;
        if (!plugin || plugin->entry.kind != KOPPEL_KIND_TRANSFORM)
            continue;
        int index = catalogue_function(plugin->catalogue, name);
        if (index < 0)
            continue;
        if (owner)
            rc = err_set(err, KOPPEL_E_CONFIG, "function \"%s\" is ambiguous: write %s.%s or %s.%s",
                         name, owner->entry.name, name, plugin->entry.name, name);
        owner = plugin;
        found = index;
    }
    plugins_names_free(names, count);
    if (rc < 0)
        return rc;
    if (!owner && refused.kind)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\" (%s)", name, refused.text);
    if (!owner)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"; `koppel plugins` lists them",
                       name);
    *out = owner;
    *function = (uint32_t)found;
    return 0;
}
