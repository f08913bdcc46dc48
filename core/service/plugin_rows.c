/* SPDX-License-Identifier: MIT
 * The plugins that are installed. */
#include "service/plugin_rows.h"

#include <string.h>

#include "config/conf_described.h"
#include "plugin/plugins_names.h"
#include "service/ask.h"

static json_t *row_of(struct plugins *plugins, const char *name)
{
    struct koppel_error err = {0};
    const struct plugin *p = plugins_load(plugins, name, &err);
    if (!p)
        return json_pack("{s:o,s:o}", "name", ask_json_text(name), "error",
                         ask_json_text(err.text));
    return json_pack("{s:o,s:s,s:o,s:o,s:o}", "name", ask_json_text(name), "kind",
                     p->entry.kind == KOPPEL_KIND_CONNECTOR ? "connector" : "transform", "version",
                     ask_json_text(p->entry.version), "title", ask_json_text(p->catalogue->title),
                     "path", ask_json_text(p->path));
}

static json_t *described_row(struct plugins *plugins, const char *dir, const char *name)
{
    struct koppel_error err = {0};
    struct conf_described d;
    bool there;
    json_t *row;
    if (conf_described_open(plugins, dir, name, &there, &d, &err) != 0)
        row = json_pack("{s:o,s:o}", "name", ask_json_text(name), "error",
                        ask_json_text(err.text));
    else
        row = json_pack("{s:o,s:s,s:o,s:o,s:o,s:o}", "name", ask_json_text(name), "kind",
                        "connector", "version", ask_json_text(d.plugin->entry.version), "title",
                        ask_json_text(d.catalogue->title), "path", ask_json_text(d.path),
                        "described", ask_json_text(d.plugin->entry.name));
    conf_described_done(&d);
    return row;
}

json_t *plugin_rows_all(struct plugins *p, const char *dir)
{
    int count = 0;
    json_t *rows = json_array();
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count; i++)
        (void)json_array_append_new(rows, row_of(p, names[i]));
    plugins_names_free(names, count);
    names = conf_described_names(dir, &count);
    for (int i = 0; i < count; i++)
        (void)json_array_append_new(rows, described_row(p, dir, names[i]));
    plugins_names_free(names, count);
    return rows;
}

int plugin_rows_list(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    (void)ask;
    *out = json_pack("{s:o}", "plugins", plugin_rows_all(s->plugins, s->dir));
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* Only those of the folders: no path of a page's user is loaded. */
int plugin_rows_show(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    const char *name = ask_text(ask, "plugin");
    int count = 0, rc = 0;
    struct conf_described d;
    bool described;
    if (conf_described_open(s->plugins, s->dir, name, &described, &d, err) == 0)
        *out = json_incref(d.catalogue->json);
    conf_described_done(&d);
    if (described)
        return *out ? 0 : -1;
    char **names = plugins_names(s->plugins, &count);
    bool there = false;
    for (int i = 0; i < count; i++)
        there = there || strcmp(names[i], name) == 0;
    if (!there)
        rc = ask_unknown("plugin", name, "the folder of plugins", (const char *const *)names, count,
                         err);
    plugins_names_free(names, count);
    const struct plugin *p = rc == 0 ? plugins_load(s->plugins, name, err) : NULL;
    if (p)
        *out = json_incref(p->catalogue->json);
    return p ? 0 : -1;
}
