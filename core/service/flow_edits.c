/* SPDX-License-Identifier: MIT
 * Edits of a flow's file, in memory. */
#include "service/flow_edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_edit.h"
#include "config/conf_edit_json.h"
#include "config/conf_edit_path.h"
#include "config/conf_edit_where.h"
#include "config/conf_load.h"
#include "config/conf_source.h"
#include "engine/revision.h"
#include "service/ask.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* What the asker got wrong is no mistake of the configuration. */
static int wrong(struct koppel_error *err)
{
    if (err->kind == KOPPEL_E_CONFIG && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, SERVICE_WRONG);
    return -1;
}

/* ---- opened ---- */

int flow_edits_open(struct flow_edits *e, struct service *s, const char *flow,
                    struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    char where[256];
    const char *rest;
    *e = (struct flow_edits){.files = {.dir = s->dir}};
    if (!ask_flow(s, flow, err))
        return -1;
    snprintf(where, sizeof where, "flows/%.200s/map", flow);
    if (conf_edit_where(&e->files, where, &e->file, &rest, err) != 0)
        return -1;
    e->flow = conf_edit_files_get(&e->files, e->file, err);
    if (!e->flow)
        return -1;
    e->digest = revision_digest(&p, e->flow->was, e->flow->was_bytes);
    return e->digest ? 0 : no_memory(err);
}

void flow_edits_done(struct flow_edits *e)
{
    conf_edit_files_done(&e->files);
    free(e->file);
    free(e->digest);
    *e = (struct flow_edits){0};
}

/* ---- one edit ---- */

/* What stands at the path, or NULL. *root: the caller frees it. */
static struct conf_edit_node *node_at(struct flow_edits *e, const char *path,
                                      struct conf_edit_node **root, struct koppel_error *err)
{
    struct conf_edit_route route = {0};
    struct koppel_error ignored = {0};
    *root = conf_edit_tree_read(&e->files, e->file, err);
    if (!*root || conf_edit_path(*root, path, &route, &ignored) != 0)
        return NULL;
    return route.node;
}

/* Is a text set there? A number takes its place as a number. */
static bool is_text_now(struct flow_edits *e, const char *path)
{
    struct koppel_error ignored = {0};
    struct conf_edit_node *root, *node = node_at(e, path, &root, &ignored);
    char *text = node ? conf_edit_tree_text(node) : NULL;
    bool is = text != NULL;
    free(text);
    conf_edit_tree_free(root);
    return is;
}

/* "map/+" of a list that is not there yet becomes "map", and the value a list with it. */
static int make_list(struct flow_edits *e, char *path, char **value, struct koppel_error *err)
{
    size_t n = strlen(path);
    struct conf_edit_node *root, *list;
    char *first = NULL;
    if (n < 3 || strcmp(path + n - 2, "/+") != 0)
        return 0;
    path[n - 2] = '\0';
    list = node_at(e, path, &root, err);
    bool there = list != NULL, readable = root != NULL;
    conf_edit_tree_free(root);
    if (!readable)
        return -1;
    if (there) {
        path[n - 2] = '/';
        return 0;
    }
    if (asprintf(&first, "(\n  %s\n)", *value) < 0)
        return no_memory(err);
    free(*value);
    *value = first;
    return 0;
}

/* What is no value at all goes behind the file as it was typed. */
static void put_as_it_is(struct flow_edits *e, const char *value)
{
    char *text = NULL;
    int n = asprintf(&text, "%srule = (\n  %s\n);\n", e->flow->text, value);
    if (n >= 0)
        conf_edit_files_put(e->flow, text, (size_t)n);
}

/* The value in libconfig's form, or as it was typed; NULL: none is needed, or err. */
static char *value_of(const json_t *edit, bool needed, struct koppel_error *err)
{
    const json_t *data = json_object_get(edit, "data");
    const char *typed = json_string_value(json_object_get(edit, "value"));
    if (!needed)
        return NULL;
    if (!data && !typed)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "an edit lacks its value");
    char *text = data ? conf_edit_json_text(data, err) : typed ? strdup(typed) : NULL;
    if (!text && !err->kind)
        (void)no_memory(err);
    if (!text && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, SERVICE_WRONG);
    return text;
}

static int kind_of(const json_t *edit, enum conf_edit_kind *kind, struct koppel_error *err)
{
    static const char *const names[] = {[CONF_EDIT_SET] = "set", [CONF_EDIT_UNSET] = "unset",
                                        [CONF_EDIT_INSERT] = "insert", [CONF_EDIT_MOVE] = "move"};
    const json_t *given = json_object_get(edit, "do");
    const char *what = given ? json_string_value(given) : "set";
    for (int i = 0; what && i < 4; i++) {
        if (strcmp(what, names[i]) == 0) {
            *kind = (enum conf_edit_kind)i;
            return 0;
        }
    }
    return ask_unknown("order", what ? what : "", "an edit", names, 4, err);
}

/* Misspelt members are never passed over. */
static int check_names(const json_t *edit, struct koppel_error *err)
{
    static const char *const names[] = {"do", "path", "value", "data", "to"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)edit, name, value) {
        bool known = false;
        for (int i = 0; i < 5; i++)
            known = known || strcmp(name, names[i]) == 0;
        if (!known)
            return ask_unknown("member", name, "an edit", names, 5, err);
    }
    return 0;
}

static int apply_one(struct flow_edits *e, const json_t *edit, struct koppel_error *err)
{
    const json_t *data = json_object_get(edit, "data"), *to = json_object_get(edit, "to");
    const char *given = json_string_value(json_object_get(edit, "path"));
    struct conf_edit_order order = {.file = e->file};
    if (check_names(edit, err) != 0 || kind_of(edit, &order.kind, err) != 0)
        return -1;
    if (!given || !*given || (to && (!json_is_integer(to) || json_integer_value(to) < 0)))
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "an edit is {\"do\", \"path\", \"value\" or \"data\", \"to\"}");
    bool needed = order.kind == CONF_EDIT_SET || order.kind == CONF_EDIT_INSERT;
    char *path = strdup(given), *value = path ? value_of(edit, needed, err) : NULL;
    int rc = !path ? no_memory(err) : needed && !value ? -1 : 0;
    char *typed = rc == 0 && value ? strdup(value) : NULL;
    if (rc == 0 && order.kind == CONF_EDIT_SET)
        rc = make_list(e, path, &value, err);
    order.to = (int)json_integer_value(to);
    order.path = path;
    order.value = value;
    order.swapped = data && !json_is_string(data) && rc == 0 && is_text_now(e, path);
    if (rc == 0 && (rc = conf_edit(&e->files, &order, err)) != 0) {
        (void)wrong(err);
        if (typed && !data)
            put_as_it_is(e, typed);
    }
    free(path);
    free(value);
    free(typed);
    return rc;
}

int flow_edits_apply(struct flow_edits *e, const json_t *edits, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    int rc = 0;
    json_array_foreach((json_t *)edits, i, one) {
        if (rc == 0)
            rc = apply_one(e, one, err);
    }
    return rc;
}

/* ---- loaded ---- */

struct conf *flow_edits_load(const struct flow_edits *e, struct service *s,
                             struct conf_report *report)
{
    struct conf_source_text *texts = calloc((size_t)e->files.count + 1, sizeof *texts);
    struct conf_source source = {.texts = texts, .count = e->files.count};
    for (int i = 0; texts && i < e->files.count; i++) {
        const struct conf_edit_file *f = e->files.items[i];
        texts[i] = (struct conf_source_text){f->path, f->text, f->bytes};
    }
    struct conf *conf = texts ? conf_load(s->dir, &source, s->plugins, report) : NULL;
    free(texts);
    return conf;
}
