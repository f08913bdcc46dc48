/* SPDX-License-Identifier: MIT
 * Edits of configuration files, carried out and proven. */
#include "config/conf_edit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_edit_add.h"
#include "config/conf_edit_path.h"
#include "config/conf_edit_proof.h"
#include "config/conf_edit_value.h"

/* One order under way. */
struct edit {
    struct conf_edit_files *files;
    const struct conf_edit_order *order;
    struct conf_edit_node *root;
    struct conf_edit_change change;
    json_t *wanted; /* the proof of the file, before and then as it is to be */
    struct koppel_error *err;
};

static int out_of_memory(struct edit *e)
{
    return err_set(e->err, KOPPEL_E_RETRY, "out of memory");
}

static void edit_done(struct edit *e)
{
    conf_edit_tree_free(e->root);
    conf_edit_change_done(&e->change);
    json_decref(e->wanted);
}

/* The file as it is now, and what libconfig makes of it. */
static int read_both(struct edit *e)
{
    conf_edit_tree_free(e->root);
    json_decref(e->wanted);
    e->root = conf_edit_tree_read(e->files, e->order->file, e->err);
    e->wanted = e->root ? conf_edit_proof_file(e->files, e->order->file, e->err) : NULL;
    return e->wanted ? 0 : -1;
}

/* The value of the order in libconfig's form (*text, the caller frees it), and its proof. */
static json_t *value_of(struct edit *e, const struct conf_edit_node *old, char **text)
{
    *text = conf_edit_value(e->order->value, old, e->order->swapped);
    if (!*text) {
        (void)out_of_memory(e);
        return NULL;
    }
    json_t *proof = conf_edit_proof_value(*text, e->err);
    if (!proof)
        (void)err_prefix(e->err, "the value %s", *text);
    return proof;
}

static int set_existing(struct edit *e, struct conf_edit_node *node)
{
    char *text = NULL;
    json_t *value = value_of(e, node, &text);
    int rc = value ? conf_edit_change_set(&e->change, node, text, e->err) : -1;
    if (rc == 0) {
        json_t *inside = conf_edit_proof_inside(conf_edit_proof_at(e->wanted, node->parent));
        rc = node->name ? json_object_set_nocheck(inside, node->name, value)
                        : json_array_set(inside, (size_t)conf_edit_tree_index(node), value);
        rc = rc == 0 ? 0 : out_of_memory(e);
    }
    json_decref(value);
    free(text);
    return rc;
}

/* One more element; index: before which. */
static int insert_element(struct edit *e, struct conf_edit_node *list, int index,
                          const struct conf_edit_piece *piece, json_t *value)
{
    json_t *inside = conf_edit_proof_inside(conf_edit_proof_at(e->wanted, list));
    if (conf_edit_add_element(&e->change, list, index, piece, e->err) != 0)
        return -1;
    return json_array_insert(inside, (size_t)index, value) == 0 ? 0 : out_of_memory(e);
}

static int insert_value(struct edit *e, struct conf_edit_node *list, int index)
{
    char *text = NULL;
    json_t *value = value_of(e, NULL, &text);
    struct conf_edit_piece piece = {"", text, ""};
    int rc = value ? insert_element(e, list, index, &piece, value) : -1;
    json_decref(value);
    free(text);
    return rc;
}

/* Puts a value into the groups that the names behind the first one of `rest` ask for, from the
 * innermost outwards. Both are replaced. */
static int nest(const char *rest, char **text, json_t **value)
{
    for (const char *end = rest + strlen(rest), *slash;
         (slash = memrchr(rest, '/', (size_t)(end - rest))); end = slash) {
        char *name = strndup(slash + 1, (size_t)(end - slash - 1)), *outer = NULL;
        bool made = name && asprintf(&outer, "{ %s = %s; }", name, *text) > 0;
        if (made) {
            *value = json_pack("{s:{s:o}}", "{", name, *value);
            free(*text);
            *text = outer;
        }
        free(name);
        if (!made || !*value)
            return -1;
    }
    return 0;
}

/* rest: the names below the group that are not there yet. */
static int set_missing(struct edit *e, struct conf_edit_node *group, const char *rest)
{
    char *text = NULL, *name = strndup(rest, strcspn(rest, "/"));
    json_t *inside = conf_edit_proof_inside(conf_edit_proof_at(e->wanted, group));
    json_t *value = value_of(e, NULL, &text);
    int rc = value ? 0 : -1;
    if (rc == 0 && (!name || nest(rest, &text, &value) != 0))
        rc = out_of_memory(e);
    if (rc == 0)
        rc = conf_edit_add_member(&e->change, group, name, text, e->err);
    if (rc == 0 && json_object_set_nocheck(inside, name, value) != 0)
        rc = out_of_memory(e);
    json_decref(value);
    free(name);
    free(text);
    return rc;
}

static int plan_set(struct edit *e)
{
    struct conf_edit_route r;
    if (conf_edit_path(e->root, e->order->path, &r, e->err) != 0)
        return -1;
    if (r.node)
        return set_existing(e, r.node);
    if (r.parent->type == EDIT_GROUP)
        return set_missing(e, r.parent, r.rest);
    return insert_value(e, r.parent, r.parent->count);
}

static struct conf_edit_node *existing(struct edit *e)
{
    struct conf_edit_route r;
    if (conf_edit_path(e->root, e->order->path, &r, e->err) != 0)
        return NULL;
    if (!r.node)
        (void)conf_edit_path_unknown(&r, e->err);
    return r.node;
}

static int remove_node(struct edit *e, struct conf_edit_node *node)
{
    json_t *inside = conf_edit_proof_inside(conf_edit_proof_at(e->wanted, node->parent));
    if (conf_edit_change_remove(&e->change, node, e->err) != 0)
        return -1;
    if (node->name)
        json_object_del(inside, node->name);
    else
        json_array_remove(inside, (size_t)conf_edit_tree_index(node));
    return 0;
}

static int plan_insert(struct edit *e)
{
    struct conf_edit_route r;
    if (conf_edit_path(e->root, e->order->path, &r, e->err) != 0)
        return -1;
    if (r.node && !r.node->name)
        return insert_value(e, r.node->parent, conf_edit_tree_index(r.node));
    if (!r.node && r.parent->type != EDIT_GROUP)
        return insert_value(e, r.parent, r.parent->count);
    return err_set(e->err, KOPPEL_E_CONFIG, "%s: only lists have elements to insert before",
                   e->order->path);
}

/* Makes the planned change, and holds what came of it against what was wanted. */
static int carry_out(struct edit *e)
{
    json_t *wanted = e->wanted;
    e->wanted = NULL;
    int rc = conf_edit_change_apply(&e->change, e->err);
    conf_edit_change_done(&e->change);
    if (rc == 0)
        rc = read_both(e);
    if (rc == 0 && !json_equal(wanted, e->wanted))
        rc = err_set(e->err, KOPPEL_E_CONFIG,
                     "%s: the file cannot be edited at this place without changing another; edit it"
                     " by hand", e->order->path);
    json_decref(wanted);
    return rc;
}

/* Out of its place first, and from there to the other: two changes, of which each is proven. */
static int move(struct edit *e)
{
    struct conf_edit_piece piece = {0};
    struct conf_edit_route r;
    struct conf_edit_node *node = existing(e);
    if (!node)
        return -1;
    if (node->name || e->order->to < 0 || e->order->to >= node->parent->count)
        return err_set(e->err, KOPPEL_E_CONFIG, "%s: only an element of a list can be moved, within"
                       " its list", e->order->path);
    if (e->order->to == conf_edit_tree_index(node))
        return 0;
    json_t *value = json_incref(conf_edit_proof_at(e->wanted, node));
    int rc = conf_edit_change_piece(node, &piece, e->err);
    if (rc == 0 && (rc = remove_node(e, node)) == 0)
        rc = carry_out(e);
    if (rc == 0)
        rc = conf_edit_path_list(e->root, e->order->path, &r, e->err);
    if (rc == 0 && (rc = insert_element(e, r.node, e->order->to, &piece, value)) == 0)
        rc = carry_out(e);
    json_decref(value);
    conf_edit_change_piece_done(&piece);
    return rc;
}

static int do_order(struct edit *e)
{
    struct conf_edit_node *node;
    int rc = -1;
    switch (e->order->kind) {
    case CONF_EDIT_SET:
        rc = plan_set(e);
        break;
    case CONF_EDIT_UNSET:
        node = existing(e);
        rc = node ? remove_node(e, node) : -1;
        break;
    case CONF_EDIT_INSERT:
        rc = plan_insert(e);
        break;
    case CONF_EDIT_MOVE:
        return move(e);
    }
    return rc == 0 ? carry_out(e) : -1;
}

/* The texts before the order, in the order of the files. */
static char **keep(const struct conf_edit_files *files)
{
    char **kept = calloc((size_t)files->count + 1, sizeof *kept);
    for (int i = 0; kept && i < files->count; i++)
        kept[i] = strndup(files->items[i]->text, files->items[i]->bytes);
    return kept;
}

int conf_edit(struct conf_edit_files *files, const struct conf_edit_order *order,
              struct koppel_error *err)
{
    struct edit e = {.files = files, .order = order, .err = err};
    if (read_both(&e) != 0) {
        edit_done(&e);
        return -1;
    }
    int count = files->count; /* all are read now */
    char **kept = keep(files);
    int rc = kept ? do_order(&e) : out_of_memory(&e);
    for (int i = 0; kept && i < count; i++) {
        if (rc != 0 && kept[i] && strcmp(kept[i], files->items[i]->text) != 0)
            conf_edit_files_put(files->items[i], kept[i], strlen(kept[i]));
        else
            free(kept[i]);
    }
    free(kept);
    edit_done(&e);
    return rc;
}
