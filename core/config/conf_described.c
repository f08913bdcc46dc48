/* SPDX-License-Identifier: MIT
 * Descriptions of connectors. One of the configuration goes before an installed one of its name. */
#include "config/conf_described.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_read.h"
#include "catalogue/catalogue_parse.h"
#include "config/conf_held.h"
#include "config/conf_json_line.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"
#include "config/conf_text.h"
#include "plugin/plugins_check.h"
#include "plugin/plugins_names.h"

#define FOLDER "connectors"
#define NAMES_MAX 1000

static void catalogue_done(void *c)
{
    catalogue_free(c);
}

/* No path, and nothing that leaves the folder. */
static bool is_name(const char *name, size_t bytes)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return bytes > 0 && bytes <= PLUGINS_NAME_BYTES && strspn(name, letters) >= bytes;
}

/* ---- what a description says ---- */

int conf_described_check(const struct plugin *plugin, const struct catalogue *catalogue,
                         struct koppel_error *err)
{
    if (strcmp(plugin->entry.name, catalogue->connector) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "\"connector\" is not to be changed");
    if (plugins_check_able(plugin, catalogue, err) != 0)
        return -1;
    return plugin->connector.check(plugin->host, catalogue->json, err);
}

/* The plugin that a description is for. */
static const struct plugin *reader_of(struct plugins *plugins, const struct catalogue *c,
                                      struct koppel_error *err)
{
    const struct plugin *p = plugins_load(plugins, c->connector, err);
    if (p && (p->entry.kind != KOPPEL_KIND_CONNECTOR || !p->connector.check)) {
        err_set(err, KOPPEL_E_CONFIG, "\"connector\" names the plugin \"%s\", which reads no "
                "description", c->connector);
        return NULL;
    }
    return p;
}

/* What the text says and who reads it. NULL and err, without what leads it. */
static struct catalogue *understood(struct plugins *plugins, json_t *json_take,
                                    const struct plugin **plugin, struct koppel_error *err)
{
    static const char prefix[] = "catalogue: ";
    struct catalogue *c = catalogue_parse_tree(json_take, err);
    if (c && !c->connector)
        err_set(err, KOPPEL_E_CONFIG, "\"connector\" is missing: the plugin that reads it");
    else if (c && (*plugin = reader_of(plugins, c, err)) &&
             conf_described_check(*plugin, c, err) == 0)
        return c;
    if (strncmp(err->text, prefix, strlen(prefix)) == 0)
        memmove(err->text, err->text + strlen(prefix), strlen(err->text + strlen(prefix)) + 1);
    catalogue_free(c);
    return NULL;
}

/* ---- of a configuration ---- */

const char *conf_described_find(struct conf_loader *l, const char *name)
{
    const char *dirs[] = {l->dir, conf_loader_data()};
    for (int i = 0; i < COUNT(dirs) && is_name(name, strlen(name)); i++) {
        const char *path = dirs[i] ? conf_held_text(l->held, "%s/" FOLDER "/%s.json", dirs[i], name)
                                   : NULL;
        if (path && conf_source_exists(l, path))
            return path;
    }
    return NULL;
}

/* Whose secrets are hidden, and whose mappings are used, must not hang on what is installed. */
static bool is_library(struct conf_loader *l, const char *name)
{
    int count = 0;
    bool found = false;
    char **names = plugins_names(l->plugins, &count);
    for (int i = 0; i < count; i++)
        found = found || strcmp(names[i], name) == 0;
    plugins_names_free(names, count);
    return found;
}

static const struct plugin *take(struct conf_loader *l, const char *path, const char *text,
                                 const struct catalogue **catalogue)
{
    struct json_read_error where;
    struct koppel_error err = {0};
    const struct plugin *plugin = NULL;
    json_t *json = json_read_text(text, &where);
    if (!json) {
        conf_report_add(l->report, false, path, where.line, "it is no JSON: %s", where.text);
        return NULL;
    }
    struct catalogue *c = understood(l->plugins, json, &plugin, &err);
    if (!c) {
        conf_report_add(l->report, false, path, conf_json_line(l, text, err.text), "%s",
                        err.text);
        return NULL;
    }
    conf_held_keep(l->held, c, catalogue_done);
    *catalogue = c;
    return plugin;
}

const struct plugin *conf_described_load(struct conf_loader *l, const config_setting_t *setting,
                                         const char *name, const char *path,
                                         const struct catalogue **catalogue)
{
    const char *why = NULL;
    size_t bytes = 0;
    int line = 0;
    if (is_library(l, name)) {
        conf_mistake(l, setting, "\"%s\" is a plugin, and %s describes a connector of that name: "
                     "name the description otherwise", name, path);
        return NULL;
    }
    char *text = conf_source_read(l, path, &bytes, &why);
    if (!text) {
        conf_mistake(l, setting, "cannot read %s: %s", path, why);
        return NULL;
    }
    conf_loader_digest(l, text, bytes);
    size_t mark = bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    const char *fault = conf_text_fault(text + mark, bytes - mark, &line);
    if (fault)
        conf_report_add(l->report, false, path, line, "%s", fault);
    const struct plugin *p = fault ? NULL : take(l, path, text + mark, catalogue);
    free(text);
    return p;
}

/* ---- without one ---- */

int conf_described_open(struct plugins *plugins, const char *dir, const char *name, bool *there,
                        struct conf_described *out, struct koppel_error *err)
{
    const char *dirs[] = {dir, conf_loader_data()}, *why = NULL;
    struct json_read_error where;
    size_t bytes = 0;
    *out = (struct conf_described){0};
    for (int i = 0; i < COUNT(dirs) && !out->path && is_name(name, strlen(name)); i++) {
        if (dirs[i] && asprintf(&out->path, "%s/" FOLDER "/%s.json", dirs[i], name) < 0)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (out->path && !conf_source_there(out->path)) {
            free(out->path);
            out->path = NULL;
        }
    }
    *there = out->path != NULL;
    if (!*there)
        return err_set(err, KOPPEL_E_CONFIG, "there is no description \"%s\"", name);
    char *text = conf_source_now(out->path, &bytes, &why);
    if (!text)
        return err_set(err, KOPPEL_E_CONFIG, "cannot read %s: %s", out->path, why);
    json_t *json = json_read(text, bytes, NULL, &where);
    free(text);
    if (!json)
        return err_set(err, KOPPEL_E_CONFIG, "%s: it is no JSON: %s", out->path, where.text);
    out->catalogue = understood(plugins, json, &out->plugin, err);
    return out->catalogue ? 0 : err_prefix(err, "%s", out->path);
}

void conf_described_done(struct conf_described *d)
{
    free(d->path);
    catalogue_free(d->catalogue);
    *d = (struct conf_described){0};
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the names of a folder; -1: no memory. */
static int add_names(const char *dir, char **names, int *count)
{
    char *path = NULL;
    struct dirent *entry;
    int rc = 0;
    if (asprintf(&path, "%s/" FOLDER, dir) < 0)
        return -1;
    DIR *folder = opendir(path);
    while (folder && rc == 0 && *count < NAMES_MAX && (entry = readdir(folder))) {
        size_t n = strlen(entry->d_name);
        bool known = n < 6 || strcmp(entry->d_name + n - 5, ".json") != 0 ||
                     strspn(entry->d_name, "./") > 0 || !is_name(entry->d_name, n - 5);
        for (int i = 0; i < *count && !known; i++)
            known = strlen(names[i]) == n - 5 && strncmp(names[i], entry->d_name, n - 5) == 0;
        if (known)
            continue;
        names[*count] = strndup(entry->d_name, n - 5);
        rc = names[*count] ? 0 : -1;
        *count += rc == 0;
    }
    if (folder)
        closedir(folder);
    free(path);
    return rc;
}

char **conf_described_names(const char *dir, int *count)
{
    const char *data = conf_loader_data();
    char **names = calloc(NAMES_MAX, sizeof *names);
    *count = 0;
    if (!names || (dir && add_names(dir, names, count) != 0) ||
        (data && add_names(data, names, count) != 0) || *count == 0)
        return names;
    qsort(names, (size_t)*count, sizeof *names, compare_names);
    return names;
}
