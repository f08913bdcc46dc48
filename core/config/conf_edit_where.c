/* SPDX-License-Identifier: MIT
 * Where a setting or a table of the configuration stands. */
#include "config/conf_edit_where.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/conf_edit_tree.h"
#include "config/conf_source.h"

#define NAMES_MAX 256 /* flows, connections or tables that are looked at for a name */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The files of a folder that the engine would load, each with its tree while it is looked at.
 * Calls visit for each that can be read, until it gives other than 0, which is given back. */
static int each_file(struct conf_edit_files *files, const char *folder,
                     int (*visit)(void *arg, const char *path, const struct conf_edit_node *root),
                     void *arg)
{
    char **list = NULL, *dir = NULL;
    int rc = 0;
    if (asprintf(&dir, "%s/%s", files->dir, folder) < 0)
        return -1;
    int n = conf_source_confs(dir, &list);
    for (int i = 0; i < n; i++) {
        struct koppel_error ignored = {0};
        struct conf_edit_node *root = NULL;
        if (rc == 0)
            root = conf_edit_tree_read(files, list[i], &ignored);
        if (root)
            rc = visit(arg, list[i], root);
        conf_edit_tree_free(root);
        free(list[i]);
    }
    free(list);
    free(dir);
    return rc;
}

/* ---- settings ---- */

struct looking {
    const char *name;
    size_t bytes;
    char *found;
    char *names[NAMES_MAX]; /* of all that were seen */
    int count;
};

static int see_file(void *arg, const char *path, const struct conf_edit_node *root)
{
    struct looking *l = arg;
    const struct conf_edit_node *node = conf_edit_tree_member(root, "name");
    char *name = node ? conf_edit_tree_text(node) : NULL;
    if (!name)
        return 0;
    if (strlen(name) == l->bytes && memcmp(name, l->name, l->bytes) == 0)
        l->found = strdup(path);
    if (l->count < NAMES_MAX)
        l->names[l->count++] = name;
    else
        free(name);
    return l->found ? 1 : 0;
}

static void looking_done(struct looking *l)
{
    for (int i = 0; i < l->count; i++)
        free(l->names[i]);
}

/* A flow or connection that is not there: perhaps the nearest. */
static int unknown(const struct looking *l, const char *thing, struct koppel_error *err)
{
    char *name = strndup(l->name, l->bytes);
    const char *near = name ? nearest_name(name, (const char *const *)l->names, l->count) : NULL;
    (void)err_set(err, KOPPEL_E_CONFIG, "no %s \"%s\"%s%s%s", thing, name ? name : "",
                  near ? ", perhaps \"" : "", near ? near : "", near ? "\"" : "");
    free(name);
    return -1;
}

/* path behind "flows/" or "connections/". */
static int in_folder(struct conf_edit_files *files, const char *folder, const char *thing,
                     const char *path, char **file, const char **rest, struct koppel_error *err)
{
    struct looking l = {.name = path, .bytes = strcspn(path, "/")};
    (void)each_file(files, folder, see_file, &l);
    *file = l.found;
    *rest = path + l.bytes + (path[l.bytes] == '/');
    int rc = l.found ? 0 : unknown(&l, thing, err);
    looking_done(&l);
    return rc;
}

static int absolute(const struct conf_edit_files *files, const char *name, size_t bytes,
                    char **out, struct koppel_error *err)
{
    int rc = *name == '/' ? asprintf(out, "%.*s", (int)bytes, name)
                          : asprintf(out, "%s/%.*s", files->dir, (int)bytes, name);
    return rc > 0 ? 0 : no_memory(err);
}

/* A setting of koppel.conf may have parts, too. */
static bool is_slip(const char *path, struct koppel_error *err)
{
    static const char *const parts[] = {"flows", "connections"};
    char first[32];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(path, "/"), path);
    const char *near = nearest_name(first, parts, 2);
    if (!near)
        return false;
    (void)err_set(err, KOPPEL_E_CONFIG, "no part \"%s\" of the configuration, perhaps \"%s\"",
                  first, near);
    return true;
}

int conf_edit_where(struct conf_edit_files *files, const char *path, char **file,
                    const char **rest, struct koppel_error *err)
{
    static const char flows[] = "flows/", connections[] = "connections/", ending[] = ".conf:";
    const char *colon = strstr(path, ending);
    *file = NULL;
    if (colon) {
        size_t n = (size_t)(colon - path) + strlen(ending) - 1;
        *rest = path + n + 1;
        return absolute(files, path, n, file, err);
    }
    if (strncmp(path, flows, strlen(flows)) == 0)
        return in_folder(files, "flows.d", "flow", path + strlen(flows), file, rest, err);
    if (strncmp(path, connections, strlen(connections)) == 0)
        return in_folder(files, "connections.d", "connection", path + strlen(connections), file,
                         rest, err);
    if (path[strcspn(path, "/")] == '/' && is_slip(path, err))
        return -1;
    *rest = path;
    return absolute(files, "koppel.conf", strlen("koppel.conf"), file, err);
}

/* ---- tables ---- */

struct tables {
    struct conf_edit_files *files;
    const char *flow, *name; /* flow NULL: any */
    size_t flow_bytes;
    struct conf_edit_table *out;
    char *names[NAMES_MAX];
    int count, found;
    bool differ; /* flows mean different tables by this name */
    struct koppel_error *err;
};

/* Which column of the heading has this name; -1: none. */
static int column_of(const struct conf_csv *c, const struct conf_csv_row *heading,
                     const char *name)
{
    for (int i = 0; i < heading->count; i++) {
        char *text = conf_csv_text(c, &heading->fields[i]);
        bool same = text && name && strcmp(text, name) == 0;
        free(text);
        if (same)
            return i;
    }
    return -1;
}

static int column_at(struct tables *t, const struct conf_csv *c,
                     const struct conf_csv_row *heading, const struct conf_edit_node *node,
                     int *out)
{
    char *name = node ? conf_edit_tree_text(node) : NULL;
    *out = name ? column_of(c, heading, name) : -1;
    int rc = *out >= 0 ? 0 : err_set(t->err, KOPPEL_E_CONFIG, "table \"%s\": %s has no column"
                                     " \"%s\"", t->name, t->out->file, name ? name : "");
    free(name);
    return rc;
}

/* The columns that a group { file, keys, value } names, by the heading of its file. */
static int read_shape(struct tables *t, const struct conf_edit_node *table)
{
    struct conf_csv_edit_shape *shape = &t->out->shape;
    const struct conf_edit_node *keys = conf_edit_tree_member(table, "keys");
    struct conf_edit_file *sheet = conf_edit_files_get(t->files, t->out->file, t->err);
    struct conf_csv c;
    struct conf_csv_row heading;
    *shape = (struct conf_csv_edit_shape){.heading = true};
    if (!sheet)
        return -1;
    (void)conf_csv_start(&c, sheet->text);
    while (conf_csv_next(&c, &heading) == CONF_CSV_COMMENT)
        ;
    if (!keys || keys->count == 0 || keys->count > CONF_CSV_EDIT_KEYS)
        return err_set(t->err, KOPPEL_E_CONFIG, "table \"%s\" has no keys", t->name);
    for (; shape->key_count < keys->count; shape->key_count++) {
        if (column_at(t, &c, &heading, keys->items[shape->key_count],
                      &shape->keys[shape->key_count]) != 0)
            return -1;
    }
    return column_at(t, &c, &heading, conf_edit_tree_member(table, "value"), &shape->value);
}

static int take_table(struct tables *t, const struct conf_edit_node *node)
{
    bool sheet = node->type == EDIT_GROUP;
    const struct conf_edit_node *file = sheet ? conf_edit_tree_member(node, "file") : node;
    char *name = file ? conf_edit_tree_text(file) : NULL, *path = NULL;
    struct conf_csv_edit_shape before = t->out->shape;
    if (!name)
        return err_set(t->err, KOPPEL_E_CONFIG, "table \"%s\" names no file", t->name);
    int rc = absolute(t->files, name, strlen(name), &path, t->err);
    free(name);
    if (rc != 0)
        return -1;
    bool other = t->found++ && strcmp(path, t->out->file) != 0;
    free(t->out->file);
    t->out->file = path;
    t->out->shape = conf_csv_edit_plain;
    if (sheet && read_shape(t, node) != 0)
        return -1;
    t->differ = t->differ || other ||
                (t->found > 1 && memcmp(&before, &t->out->shape, sizeof before) != 0);
    return 0;
}

static int see_flow(void *arg, const char *path, const struct conf_edit_node *root)
{
    struct tables *t = arg;
    const struct conf_edit_node *node = conf_edit_tree_member(root, "name");
    const struct conf_edit_node *tables = conf_edit_tree_member(root, "tables");
    char *flow = node ? conf_edit_tree_text(node) : NULL;
    bool mine = flow && (!t->flow || (strlen(flow) == t->flow_bytes &&
                                      memcmp(flow, t->flow, t->flow_bytes) == 0));
    int rc = 0;
    (void)path;
    for (int i = 0; mine && tables && tables->type == EDIT_GROUP && i < tables->count; i++) {
        const struct conf_edit_node *one = tables->items[i];
        if (t->count < NAMES_MAX)
            t->names[t->count++] = strdup(one->name);
        if (rc == 0 && strcmp(one->name, t->name) == 0)
            rc = take_table(t, one);
    }
    free(flow);
    return rc;
}

int conf_edit_where_table(struct conf_edit_files *files, const char *name,
                          struct conf_edit_table *out, struct koppel_error *err)
{
    const char *slash = strrchr(name, '/');
    struct tables t = {.files = files, .name = slash ? slash + 1 : name, .out = out, .err = err,
                       .flow = slash ? name : NULL,
                       .flow_bytes = slash ? (size_t)(slash - name) : 0};
    *out = (struct conf_edit_table){0};
    int rc = each_file(files, "flows.d", see_flow, &t);
    if (rc == 0 && t.differ)
        rc = err_set(err, KOPPEL_E_CONFIG, "flows have different tables \"%s\"; name one as"
                     " FLOW/%s", t.name, t.name);
    if (rc == 0 && !t.found) {
        const char *near = nearest_name(t.name, (const char *const *)t.names, t.count);
        rc = err_set(err, KOPPEL_E_CONFIG, "no flow%s has a table \"%s\"%s%s%s",
                     slash ? " of that name" : "", t.name, near ? ", perhaps \"" : "",
                     near ? near : "", near ? "\"" : "");
    }
    for (int i = 0; i < t.count; i++)
        free(t.names[i]);
    if (rc != 0)
        conf_edit_where_done(out);
    return rc;
}

void conf_edit_where_done(struct conf_edit_table *t)
{
    free(t->file);
    *t = (struct conf_edit_table){0};
}
