/* SPDX-License-Identifier: MIT
 * The plugins that are installed. */
#include "service/plugin_rows.h"

#include <string.h>

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

json_t *plugin_rows_all(struct plugins *p)
{
    int count = 0;
    json_t *rows = json_array();
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count; i++)
        (void)json_array_append_new(rows, row_of(p, names[i]));
    plugins_names_free(names, count);
    return rows;
}

int plugin_rows_list(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    (void)ask;
    *out = json_pack("{s:o}", "plugins", plugin_rows_all(s->plugins));
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* Only those of the folders: no path of a page's user is loaded. */
int plugin_rows_show(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    const char *name = ask_text(ask, "plugin");
    int count = 0, rc = 0;
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
