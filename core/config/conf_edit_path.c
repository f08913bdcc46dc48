/* SPDX-License-Identifier: MIT
 * The path of a place in a file. */
#include "config/conf_edit_path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

int conf_edit_path_unknown(const struct conf_edit_route *r, struct koppel_error *err)
{
    const struct conf_edit_node *in = r->parent;
    size_t n = strcspn(r->rest, "/");
    char *name = strndup(r->rest, n);
    const char **names = calloc((size_t)in->count + 1, sizeof *names);
    if (!name || !names) {
        free(name);
        free(names);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    for (int i = 0; i < in->count; i++)
        names[i] = in->items[i]->name;
    const char *near = nearest_name(name, names, in->count);
    const char *group = in->name ? in->name : NULL;
    (void)err_set(err, KOPPEL_E_CONFIG, "\"%s\" is not there%s%s%s%s%s", name,
                  group ? " in " : "", group ? group : "", near ? "; did you mean \"" : "",
                  near ? near : "", near ? "\"?" : "");
    free(name);
    free(names);
    return -1;
}

/* Is it the element whose member `key` has that text? */
static bool element_has(const struct conf_edit_node *element, const char *key, const char *value,
                        size_t bytes)
{
    const struct conf_edit_node *m = conf_edit_tree_member(element, key);
    char *text = m ? conf_edit_tree_text(m) : NULL;
    bool has = text && strlen(text) == bytes && memcmp(text, value, bytes) == 0;
    free(text);
    return has;
}

/* The only element that "key=value" names; NULL and err: there is none, or several. */
static struct conf_edit_node *by_member(const struct conf_edit_node *list, const char *step,
                                        size_t bytes, struct koppel_error *err)
{
    struct conf_edit_node *found = NULL;
    size_t n = strcspn(step, "=");
    char *key = strndup(step, n);
    int count = 0;
    for (int i = 0; key && i < list->count; i++) {
        if (element_has(list->items[i], key, step + n + 1, bytes - n - 1)) {
            found = list->items[i];
            count++;
        }
    }
    free(key);
    if (count == 1)
        return found;
    (void)err_set(err, KOPPEL_E_CONFIG, "%s %.*s; name one by its number, from 0",
                  count ? "several elements have" : "no element has", (int)bytes, step);
    return NULL;
}

static int step_in_list(struct conf_edit_route *r, const char *step, size_t bytes,
                        struct koppel_error *err)
{
    struct conf_edit_node *list = r->node;
    bool last = !step[bytes];
    size_t digits = strspn(step, "0123456789");
    if (memchr(step, '=', bytes)) {
        r->node = by_member(list, step, bytes, err);
        return r->node ? 0 : -1;
    }
    int index = -1;
    if (bytes == 1 && *step == '+')
        index = list->count;
    else if (digits == bytes && bytes < 8)
        index = (int)strtol(step, NULL, 10);
    if (index < 0)
        return err_set(err, KOPPEL_E_CONFIG, "\"%.*s\" is no element of a list; number them from 0,"
                       " or + for one more", (int)bytes, step);
    if (index > list->count || (index == list->count && !last))
        return err_set(err, KOPPEL_E_CONFIG, "there is no element %d; the list has %d, numbered"
                       " from 0", index, list->count);
    *r = index < list->count ? (struct conf_edit_route){.node = list->items[index]}
                             : (struct conf_edit_route){.parent = list, .rest = step};
    return 0;
}

static bool is_name(const char *step, size_t bytes)
{
    static const char all[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*0123456789-_";
    return bytes > 0 && !strchr("0123456789-_", *step) && strspn(step, all) >= bytes;
}

static int step_in_group(struct conf_edit_route *r, const char *step, size_t bytes,
                         struct koppel_error *err)
{
    struct conf_edit_node *group = r->node;
    for (int i = 0; i < group->count; i++) {
        const char *name = group->items[i]->name;
        if (strlen(name) == bytes && memcmp(name, step, bytes) == 0) {
            r->node = group->items[i];
            return 0;
        }
    }
    for (const char *p = step; *p; p += strcspn(p, "/"), p += *p == '/') {
        size_t n = strcspn(p, "/");
        if (!is_name(p, n))
            return err_set(err, KOPPEL_E_CONFIG, "\"%.*s\" cannot be the name of a setting", (int)n,
                           p);
    }
    *r = (struct conf_edit_route){.parent = group, .rest = step};
    return 0;
}

static int walk(struct conf_edit_node *root, const char *path, const char *end,
                struct conf_edit_route *out, struct koppel_error *err)
{
    *out = (struct conf_edit_route){.node = root};
    if (!*path || path[strlen(path) - 1] == '/')
        return err_set(err, KOPPEL_E_CONFIG, "the path names no setting");
    for (const char *p = path; p < end && out->node;) {
        size_t n = strcspn(p, "/");
        if (out->node->type == EDIT_SCALAR)
            return err_set(err, KOPPEL_E_CONFIG, "\"%s\" holds one value; nothing is inside it",
                           out->node->name ? out->node->name : "the element");
        int rc = out->node->type == EDIT_GROUP ? step_in_group(out, p, n, err)
                                               : step_in_list(out, p, n, err);
        if (rc != 0)
            return -1;
        p += n + (p[n] == '/');
    }
    return 0;
}

int conf_edit_path(struct conf_edit_node *root, const char *path, struct conf_edit_route *out,
                   struct koppel_error *err)
{
    return walk(root, path, path + strlen(path), out, err);
}

int conf_edit_path_list(struct conf_edit_node *root, const char *path, struct conf_edit_route *out,
                        struct koppel_error *err)
{
    const char *last = strrchr(path, '/');
    return walk(root, path, last ? last : path, out, err);
}
