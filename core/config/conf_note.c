/* SPDX-License-Identifier: MIT
 * What is no mistake but looks like one. */
#include "config/conf_note.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grid.h"
#include "catalogue/catalogue.h"
#include "config/conf_case.h"
#include "config/conf_connection.h"
#include "config/conf_held.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

static void note(struct conf_loader *l, struct conf_at at, const char *path, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));
static void note(struct conf_loader *l, struct conf_at at, const char *path, const char *format,
                 ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    conf_held_must(n < 0 ? NULL : text);
    conf_report_put(l->report, &(struct conf_mistake){.file = (char *)at.file,
                                                      .line = at.line,
                                                      .path = (char *)path,
                                                      .note = true,
                                                      .text = text});
    free(text);
}

/* ---- files ---- */

static bool ends(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

/* Left by an editor or a package, put aside by a person, or for people to read. */
static bool is_left(const char *name)
{
    static const char *const left[] = {"~",    ".bak", ".orig", ".old",     ".off",
                                       ".swp", ".rej", ".save", ".disabled"};
    for (int i = 0; i < COUNT(left); i++) {
        if (ends(name, left[i]))
            return true;
    }
    return strncmp(name, "README", strlen("README")) == 0 || name[0] == '#' ||
           strstr(name, ".dpkg-") || strstr(name, ".conf.d");
}

/* A folder of cases without the flow that they are of, and files in it that are no part of one. */
static void cases_note(struct conf_loader *l, const char *folder)
{
    const char *flow = conf_held_text(l->held, "%.*s.conf",
                                      (int)(strlen(folder) - strlen(CONF_CASE_FOLDER)), folder);
    const char **paths = NULL;
    int n = conf_source_list(l, folder, &paths);
    if (!conf_source_exists(l, flow)) {
        note(l, (struct conf_at){folder, 1}, NULL, "cases of nothing: there is no \"%s\" beside it",
             strrchr(flow, '/') + 1);
        return;
    }
    for (int i = 0; i < n; i++) {
        const char *name = strrchr(paths[i], '/') + 1;
        if (!is_left(name) && !conf_source_was_read(l, paths[i]))
            note(l, (struct conf_at){paths[i], 1}, NULL,
                 "\"%s\" is not read: a case is NAME" CONF_CASE_IN " with NAME" CONF_CASE_OUT,
                 name);
    }
}

/* Files of a folder that nothing read. of: whose they would be. */
static void files_note(struct conf_loader *l, const char *folder, const char *of)
{
    const char **paths = NULL;
    int n = conf_source_list(l, conf_loader_absolute(l, folder), &paths);
    for (int i = 0; i < n; i++) {
        const char *name = strrchr(paths[i], '/') + 1;
        if (ends(name, CONF_CASE_FOLDER))
            cases_note(l, paths[i]);
        else if (!is_left(name) && !conf_source_was_read(l, paths[i]))
            note(l, (struct conf_at){paths[i], 1}, NULL,
                 "\"%s\" is not read: the name of a %s's file ends with .conf", name, of);
    }
}

/* ---- mappings ---- */

/* Does the connector's catalogue have the entity of "ENTITY.get.conf"? NULL: yes, else what is
 * wrong with the name; held. */
static const char *misnamed(struct conf_loader *l, const struct catalogue *c, const char *name)
{
    bool get = ends(name, ".get.conf");
    if (!get && !ends(name, ".send.conf"))
        return "the name of a mapping is ENTITY.get.conf or ENTITY.send.conf";
    size_t end = strlen(get ? ".get.conf" : ".send.conf");
    const char *entity = conf_held_text(l->held, "%.*s", (int)(strlen(name) - end), name);
    if (catalogue_entity(c, entity))
        return NULL;
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(c->entity_count + 1));
    for (int i = 0; i < c->entity_count; i++)
        names[i] = c->entities[i].name;
    return conf_held_text(l->held, "the connector has no entity \"%s\"%s", entity,
                          conf_mistake_hint(l, entity, names, c->entity_count));
}

/* The catalogue of a connector that a connection uses; NULL: none does. */
static const struct catalogue *catalogue_of(struct conf_loader *l, const char *connector)
{
    for (int i = 0; i < l->conf->connection_count; i++) {
        const struct conf_connection *c = &l->conf->connections[i];
        if (strcmp(conf_connection_connector(c), connector) == 0)
            return c->catalogue;
    }
    return NULL;
}

/* Whoever writes a mapping of their own wants it to be used. */
static void mappings_note(struct conf_loader *l)
{
    const char **folders = NULL, **paths = NULL;
    int n = conf_source_list(l, conf_loader_absolute(l, "mappings"), &folders);
    for (int i = 0; i < n; i++) {
        const char *connector = strrchr(folders[i], '/') + 1;
        const struct catalogue *c = catalogue_of(l, connector);
        int count = conf_source_list(l, folders[i], &paths);
        for (int k = 0; k < count; k++) {
            const char *name = strrchr(paths[k], '/') + 1, *why = NULL;
            if (ends(name, CONF_CASE_FOLDER))
                cases_note(l, paths[k]);
            if (ends(name, CONF_CASE_FOLDER) || is_left(name) || conf_source_was_read(l, paths[k]))
                continue;
            why = c ? misnamed(l, c, name)
                    : conf_held_text(l->held, "no connection is of a connector \"%s\"",
                                     connector);
            note(l, (struct conf_at){paths[k], 1}, NULL, "\"%s\" is not read: %s", name,
                 why ? why : "no flow needs it");
        }
    }
}

/* ---- connections and tables ---- */

static void connections_note(struct conf_loader *l)
{
    const struct conf *c = l->conf;
    for (int i = 0; i < c->connection_count; i++) {
        const struct conf_connection *one = &c->connections[i];
        bool used = false;
        for (int k = 0; k < c->flow_count; k++)
            used = used || c->flows[k].from == one || c->flows[k].to == one;
        if (!used && *one->name)
            note(l, one->at, conf_held_text(l->held, "connections/%s", one->name),
                 "no flow uses connection \"%s\"", one->name);
    }
}

static bool rules_use(const struct conf_rule *rules, int count, const struct conf_table *t)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        if (r->table == t || rules_use(r->map, r->map_count, t) ||
            rules_use(r->parts, r->part_count, t))
            return true;
    }
    return false;
}

static bool mapping_uses(const struct conf_mapping *m, const struct conf_table *t)
{
    return rules_use(m->rules, m->count, t);
}

static bool flow_uses(const struct conf_flow *f, const struct conf_table *t)
{
    bool used = mapping_uses(&f->get, t) || mapping_uses(&f->send, t);
    for (int i = 0; i < f->reference_count && !used; i++)
        used = mapping_uses(&f->references[i].send, t) || mapping_uses(&f->references[i].get, t);
    return used;
}

/* A flow with a side that is wrong has no mapping to tell. */
static void tables_note(struct conf_loader *l, const struct conf_flow *f)
{
    for (int i = 0; f->send.count && i < f->table_count; i++) {
        const struct conf_table *t = f->tables[i];
        if (grid_count(t->grid) == 0)
            note(l, (struct conf_at){t->at.file, 1}, NULL,
                 "table \"%s\" of flow \"%s\" has no row", t->name, f->name);
        if (!flow_uses(f, t))
            note(l, t->named, conf_held_text(l->held, "flows/%s/tables/%s", f->name, t->name),
                 "no rule of flow \"%s\" uses table \"%s\"", f->name, t->name);
    }
}

void conf_note(struct conf_loader *l)
{
    files_note(l, "connections.d", "connection");
    files_note(l, "flows.d", "flow");
    if (l->report->errors)
        return; /* what uses what is not known before that is mended */
    mappings_note(l);
    connections_note(l);
    for (int i = 0; i < l->conf->flow_count; i++)
        tables_note(l, &l->conf->flows[i]);
}
