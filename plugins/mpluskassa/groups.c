/* SPDX-License-Identifier: MIT
 * Article groups: a tree at the till, records with a path here ("Clothing/Shirts").
 *
 * The tree is fetched anew by each call that needs it: one that was kept could lack what another
 * call has just made. */
#include "groups.h"

#include <string.h>
#include <strings.h>

#include "goods.h"
#include "page.h"
#include "types.h"
#include "unreadable.h"

/* ---- the tree ---- */

/* "above/name", or the name at the top. A new reference. */
static json_t *join_path(const json_t *parent, const char *name)
{
    const char *above = call_text(parent, "path");
    return above ? json_sprintf("%s/%s", above, name) : json_string(name);
}

/* What a record says of the group above it. */
static json_t *parent_of(const json_t *group)
{
    return json_pack("{s:O, s:O, s:O}", "groupNumber", json_object_get(group, "groupNumber"),
                     "name", json_object_get(group, "name"), "path",
                     json_object_get(group, "path"));
}

/* Completes a record with what the tree says: number and names of the parent, and the path. */
static int place(json_t *record, const json_t *parent)
{
    const char *name = call_text(record, "name");
    json_t *number = json_object_get(parent, "groupNumber");
    if (json_object_set_new(record, "path", join_path(parent, name ? name : "")) != 0)
        return -1;
    if (!parent)
        return call_text(record, "parentGroupNumber")
                   ? 0
                   : json_object_set_new(record, "parentGroupNumber", json_string("0"));
    if (json_object_set(record, "parentGroupNumber", number) != 0)
        return -1;
    return json_object_set_new(record, "parent", parent_of(parent));
}

/* The reader bounds the depth of the tree. */
static int flatten(const json_t *groups, const json_t *parent, json_t *list)
{
    static const char *const members[] = {"groupNumber", "name", "text", "sortOrder", "syncMarker"};
    json_t *group, *record, *value;
    size_t i;
    json_array_foreach(groups, i, group) {
        if (json_is_true(json_object_get(group, "isDeleted")))
            continue;
        record = json_object();
        for (size_t k = 0; k < sizeof members / sizeof members[0]; k++) {
            value = json_object_get(group, members[k]);
            if (value)
                json_object_set(record, members[k], value);
        }
        if (!record || place(record, parent) != 0) {
            json_decref(record);
            return -1;
        }
        if (json_array_append_new(list, record) != 0 ||
            flatten(call_list(group, "subGroupList"), record, list) != 0)
            return -1;
    }
    return 0;
}

int groups_list(struct mplus *m, bool whole, json_t **list, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{}}", "request"), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    int rc = !params ? call_no_memory(m, err)
             : whole ? call_soap(m, &op_get_groups, params, NULL, &answer, err)
                     : call_list_of(m, &op_get_groups, params, &answer, &bad, err);
    json_decref(params);
    if (rc != 0)
        return -1;
    if (bad)
        m->host->log(m->ctx, KOPPEL_LOG_WARNING,
                     "an article group of the till cannot be read, its articles come without it: "
                     "%s %s",
                     bad->place, bad->why);
    soap_read_free(bad);
    json_t *flat = json_array();
    if (flat && flatten(call_list(answer, "articleGroupList"), NULL, flat) == 0) {
        *list = flat;
    } else {
        json_decref(flat);
        rc = call_no_memory(m, err);
    }
    json_decref(answer);
    return rc;
}

json_t *groups_pick(const json_t *list, const char *number)
{
    json_t *group;
    size_t i;
    json_array_foreach(list, i, group) {
        const char *text = call_text(group, "groupNumber");
        if (text && number && strcmp(text, number) == 0)
            return group;
    }
    return NULL;
}

/* ---- paths ---- */

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t");
}

/* The length of the part that begins at text, without the white space at its end. *next: behind
 * its slash, NULL at the end of the path. */
static size_t part_length(const char *text, const char **next)
{
    size_t n = strcspn(text, "/");
    *next = text[n] == '/' ? text + n + 1 : NULL;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    return n;
}

/* Equal part by part, but for white space around the parts and the case of ASCII letters. */
static bool same_path(const char *a, const char *b)
{
    while (a && b) {
        const char *next_a, *next_b;
        size_t n, k;
        a = skip_space(a);
        b = skip_space(b);
        n = part_length(a, &next_a);
        k = part_length(b, &next_b);
        if (n != k || strncasecmp(a, b, n) != 0)
            return false;
        a = next_a;
        b = next_b;
    }
    return !a && !b;
}

/* ---- read and find ---- */

static int emit_change(struct mplus *m, json_t *change, const json_t *tree,
                       struct koppel_batch *out, struct koppel_error *err)
{
    const char *number = call_text(change, "groupNumber");
    int64_t marker = call_number(change, "syncMarker");
    if (!number)
        return unreadable_incomplete(m, out, NULL, marker, change, "groupNumber is missing", err);
    if (place(change, groups_pick(tree, call_text(change, "parentGroupNumber"))) != 0)
        return call_no_memory(m, err);
    return m->host->emit(out, number, marker, json_incref(change), err);
}

int groups_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err)
{
    struct page page;
    if (page_begin(m, request->cursor, request, &page, err) != 0)
        return -1;
    json_t *params = json_pack("{s:o}", "request", page_params(&page));
    json_t *answer = NULL, *tree = NULL, *change;
    struct soap_unreadable *bad = NULL;
    int rc = params ? call_list_of(m, &op_get_group_changes, params, &answer, &bad, err)
                    : call_no_memory(m, err);
    const json_t *changes = call_list(answer, "changedArticleGroupList");
    if (rc == 0 && json_array_size(changes) > 0)
        rc = groups_list(m, false, &tree, err);
    size_t i;
    json_array_foreach((json_t *)changes, i, change) {
        page_saw(&page, call_number(change, "syncMarker"));
        if (rc == 0)
            rc = emit_change(m, change, tree, out, err);
    }
    for (const struct soap_unreadable *b = bad; b && rc == 0; b = b->next) {
        page_saw(&page, call_number(b->record, "syncMarker"));
        rc = unreadable_emit(m, out, b, "groupNumber", err);
    }
    if (rc == 0)
        rc = page_end(m, &page, out, err);
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    json_decref(tree);
    return rc;
}

int groups_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err)
{
    bool by_path = strcmp(request->match, "path") == 0;
    json_t *tree = NULL, *group;
    uint32_t k;
    size_t i;
    int rc;
    if (!by_path && strcmp(request->match, "groupNumber") != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "article groups cannot be found by %s",
                             request->match);
    rc = groups_list(m, true, &tree, err);
    json_array_foreach(tree, i, group) {
        const char *number = call_text(group, "groupNumber");
        const char *value = call_text(group, request->match);
        for (k = 0; rc == 0 && number && value && k < request->count; k++) {
            if (by_path ? same_path(value, request->keys[k]) : strcmp(value, request->keys[k]) == 0)
                rc = m->host->result_found(out, k, number, json_incref(group), err);
        }
    }
    json_decref(tree);
    return rc;
}

/* ---- write ---- */

/* What the messages of a group hold of a record, whole numbers as text like the till's. */
static json_t *group_message(const json_t *record)
{
    static const char *const members[] = {"parentGroupNumber", "name", "text", "sortOrder"};
    json_t *message = json_object(), *value;
    for (size_t i = 0; message && i < sizeof members / sizeof members[0]; i++) {
        value = json_incref(json_object_get(record, members[i]));
        if (json_is_integer(value)) {
            json_int_t number = json_integer_value(value);

            json_decref(value);
            value = json_sprintf("%" JSON_INTEGER_FORMAT, number);
        }
        if (value && json_object_set_new(message, members[i], value) != 0) {
            json_decref(message);
            return NULL;
        }
    }
    return message;
}

/* The number of the group above the path, "0" at the top: for a record that has a path only. What
 * is missing there is not made here: two calls that need it at the same time would both make it. */
static int find_parent(struct mplus *m, const json_t *record, json_t *message,
                       struct koppel_error *err)
{
    const char *path = call_text(record, "path"), *slash = path ? strrchr(path, '/') : NULL;
    const char *number = NULL;
    json_t *above, *tree = NULL, *group;
    size_t i;
    int rc;
    if (!slash)
        return json_object_set_new(message, "parentGroupNumber", json_string("0"));
    above = json_stringn(path, (size_t)(slash - path));
    rc = above ? groups_list(m, true, &tree, err) : call_no_memory(m, err);
    json_array_foreach(tree, i, group) {
        const char *one = call_text(group, "path");
        if (!number && one && same_path(one, json_string_value(above)))
            number = call_text(group, "groupNumber");
    }
    if (rc == 0 && !number) {
        m->host->fail(err, KOPPEL_E_REJECTED,
                      "the article group \"%s\" above \"%s\" is not in "
                      "MplusKASSA",
                      json_string_value(above), slash + 1);
        rc = m->host->reason(err, "category.missing");
    } else if (rc == 0) {
        rc = json_object_set_new(message, "parentGroupNumber", json_string(number));
    }
    json_decref(above);
    json_decref(tree);
    return rc;
}

static int create_group(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                        struct koppel_results *out, struct koppel_error *err)
{
    json_t *message = group_message(item->record), *params = NULL, *answer = NULL;
    const char *number;
    int rc = message ? 0 : call_no_memory(m, err);
    if (rc == 0 && !call_text(message, "parentGroupNumber"))
        rc = find_parent(m, item->record, message, err);
    if (rc == 0) {
        params = json_pack("{s:O}", "request", message);
        rc = params ? call_soap(m, &op_new_group, params, item->job, &answer, err)
                    : call_no_memory(m, err);
    }
    if (rc == 0) {
        number = call_text(answer, "groupNumber");
        rc = number && strcmp(number, "0") != 0
                 ? m->host->result_done(out, index, number, json_incref(answer), err)
                 : m->host->fail(err, KOPPEL_E_UNSURE,
                                 "newArticleGroup: the answer holds no group number");
    }
    json_decref(message);
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int update_group(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                        struct koppel_results *out, struct koppel_error *err)
{
    json_t *message = group_message(item->record), *changes = NULL, *params = NULL;
    json_t *tree = NULL, *answer = NULL, *present;
    int rc = message ? groups_list(m, true, &tree, err) : call_no_memory(m, err);
    present = groups_pick(tree, item->id);
    if (rc == 0 && !present) {
        m->host->fail(err, KOPPEL_E_REJECTED, "article group %s is not in MplusKASSA", item->id);
        rc = m->host->reason(err, "category.missing");
    }
    if (rc == 0 && (changes = goods_changes(present, message)) == NULL)
        rc = call_no_memory(m, err);
    if (rc == 0 && json_object_size(changes) == 0) {
        rc = goods_unchanged(m, index, item->id, "groupNumber", out, err);
    } else if (rc == 0) {
        json_object_set_new(changes, "groupNumber", json_string(item->id));
        params = json_pack("{s:O}", "request", changes);
        rc = params ? call_soap(m, &op_update_group, params, item->job, &answer, err)
                    : call_no_memory(m, err);
        if (rc == 0)
            rc = m->host->result_done(out, index, item->id, json_incref(changes), err);
    }
    json_decref(message);
    json_decref(changes);
    json_decref(params);
    json_decref(tree);
    json_decref(answer);
    return rc;
}

int groups_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    bool create = request->verb == KOPPEL_VERB_CREATE;
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check an article group without storing it");
    if (!create && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "article groups are never removed from the till");
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (!create && !call_is_key(item->id))
            m->host->result_error(out, i, KOPPEL_E_REJECTED, "\"%s\" is no article group number",
                                  item->id ? item->id : "");
        else if ((create ? create_group : update_group)(m, item, i, out, err) != 0)
            return -1;
    }
    return 0;
}
