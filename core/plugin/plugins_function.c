/* SPDX-License-Identifier: MIT
 * The functions of all transforms, by their names. */
#include "plugin/plugins_function.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "plugin/plugins_names.h"

/* ---- the nearest right name ---- */

/* Of the plugin's functions; NULL: none is near. */
static const char *near_function(const struct plugin *plugin, const char *name)
{
    int count = plugin->catalogue->function_count;
    const char **names = calloc((size_t)count + 1, sizeof *names);
    for (int i = 0; names && i < count; i++)
        names[i] = plugin->catalogue->functions[i].name;
    const char *near = names ? nearest_name(name, names, count) : NULL;
    free(names);
    return near;
}

static int no_function(const struct plugin *plugin, const char *name, struct koppel_error *err)
{
    const char *owner = plugin->entry.name, *near = near_function(plugin, name);
    return err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\" has no function \"%s\"%s%s%s%s%s", owner,
                   name, near ? "; did you mean \"" : "", near ? owner : "", near ? "." : "",
                   near ? near : "", near ? "\"?" : "");
}

/* "txet.trim": the plugin is another one. Adds to what err says already. */
static int no_plugin(struct plugins *p, const char *owner, const char *function,
                     struct koppel_error *err)
{
    int count = 0;
    char **names = plugins_names(p, &count);
    const char *near = nearest_name(owner, (const char *const *)names, count);
    if (near) {
        size_t used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, "; did you mean \"%s.%s\"?", near,
                 function);
    }
    plugins_names_free(names, count);
    return err_prefix(err, "function \"%s.%s\"", owner, function);
}

/* ---- look-up ---- */

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
        return no_plugin(p, owner, dot + 1, err);
    int index = catalogue_function(plugin->catalogue, dot + 1);
    if (index < 0)
        return no_function(plugin, dot + 1, err);
    *out = plugin;
    *function = (uint32_t)index;
    return 0;
}

/* What a search through all plugins found. */
struct search {
    const char *name;
    const struct plugin *owner, *second; /* who has it; NULL: nobody */
    int index;
    bool first;                          /* it is of the plugin that goes first */
    const char *near;                    /* the nearest name of all */
    struct koppel_error refused;         /* of the first broken plugin: it may own the name */
};

static void look_into(struct search *s, const struct plugin *plugin)
{
    bool first = strcmp(plugin->entry.name, PLUGINS_FUNCTION_FIRST) == 0;
    int index = catalogue_function(plugin->catalogue, s->name);
    if (index >= 0 && first)
        s->first = true;
    if (index < 0) {
        const char *both[] = {s->near, near_function(plugin, s->name)};
        s->near = nearest_name(s->name, both, 2);
    } else if (s->owner && !first) {
        s->second = plugin;
    } else {
        s->owner = plugin;
        s->index = index;
    }
}

static int not_found(const struct search *s, struct koppel_error *err)
{
    char hint[PLUGINS_NAME_BYTES + 32] = "`koppel plugins` lists them";
    if (s->near)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", s->near);
    if (s->refused.kind)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"; %s (%s)", s->name, hint,
                       s->refused.text);
    return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"; %s", s->name, hint);
}

int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err)
{
    const char *dot = strchr(name, '.');
    if (dot)
        return qualified_function(p, name, dot, out, function, err);
    int count = 0;
    struct search s = {.name = name};
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count; i++) {
        struct koppel_error why = {0};
        const struct plugin *plugin = plugins_load(p, names[i], &why);
        if (!plugin && !s.refused.kind)
            s.refused = why;
        if (plugin && plugin->entry.kind == KOPPEL_KIND_TRANSFORM)
            look_into(&s, plugin);
    }
    plugins_names_free(names, count);
    if (s.second && !s.first)
        return err_set(err, KOPPEL_E_CONFIG, "function \"%s\" is ambiguous: write %s.%s or %s.%s",
                       name, s.owner->entry.name, name, s.second->entry.name, name);
    if (!s.owner)
        return not_found(&s, err);
    *out = s.owner;
    *function = (uint32_t)s.index;
    return 0;
}
