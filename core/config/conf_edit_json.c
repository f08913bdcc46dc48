/* SPDX-License-Identifier: MIT
 * libconfig values to JSON and back. */
#include "config/conf_edit_json.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "config/conf_edit_change.h"
#include "config/conf_edit_value.h"

#define LINE_WIDTH 100 /* what is longer is broken */
#define DEPTH_LIMIT 12 /* values inside one another */
#define PATH_BYTES 256
#define LINES_DEEP 3

/* ---- to JSON ---- */

static json_t *scalar(const struct conf_edit_node *node)
{
    char *text = conf_edit_tree_text(node), *end = NULL;
    if (text) {
        json_t *out = json_string(text);
        free(text);
        return out;
    }
    const char *at = node->value.file->text + node->value.at;
    char *bare = strndup(at, node->end.at - node->value.at);
    if (!bare)
        return NULL;
    errno = 0;
    json_int_t number = strtoll(bare, &end, 0);
    while (*end == 'L')
        end++;
    json_t *out = strcasecmp(bare, "true") == 0    ? json_true()
                  : strcasecmp(bare, "false") == 0 ? json_false()
                  : !errno && end != bare && !*end ? json_integer(number)
                                                   : json_string(bare);
    free(bare);
    return out;
}

json_t *conf_edit_json(const struct conf_edit_node *node)
{
    if (node->type == EDIT_SCALAR)
        return scalar(node);
    json_t *out = node->type == EDIT_GROUP ? json_object() : json_array();
    for (int i = 0; out && i < node->count; i++) {
        json_t *one = conf_edit_json(node->items[i]);
        int rc = node->type == EDIT_GROUP ? json_object_set_new(out, node->items[i]->name, one)
                                          : json_array_append_new(out, one);
        if (rc == 0)
            continue;
        json_decref(out);
        out = NULL;
    }
    return out;
}

int conf_edit_json_line(const struct conf_edit_node *node)
{
    int line = 1;
    for (size_t i = 0; i < node->start.at; i++)
        line += node->start.file->text[i] == '\n';
    return line;
}

static int add_lines(json_t *out, const struct conf_edit_node *node,
                     const struct conf_edit_file *in, const char *before, int depth)
{
    for (int i = 0; i < node->count; i++) {
        const struct conf_edit_node *one = node->items[i];
        char path[PATH_BYTES], inside[PATH_BYTES + 1];
        int n = one->name ? snprintf(path, sizeof path, "%s%s", before, one->name)
                          : snprintf(path, sizeof path, "%s%d", before, i);
        if (n < 0 || (size_t)n >= sizeof path || one->start.file != in)
            continue;
        snprintf(inside, sizeof inside, "%s/", path);
        if (json_object_set_new(out, path, json_integer(conf_edit_json_line(one))) != 0)
            return -1;
        if (depth > 1 && one->type != EDIT_SCALAR &&
            add_lines(out, one, in, inside, depth - 1) != 0)
            return -1;
    }
    return 0;
}

json_t *conf_edit_json_lines(const struct conf_edit_node *root)
{
    json_t *out = json_object();
    if (!out || add_lines(out, root, root->shut.file, "", LINES_DEEP) == 0)
        return out;
    json_decref(out);
    return NULL;
}

/* ---- to text ---- */

static int add(struct buf *out, const json_t *value, int depth, struct koppel_error *err);

static int none(struct koppel_error *err, const char *what, const char *name)
{
    return err_set(err, KOPPEL_E_REJECTED, "a configuration has nothing for %s%s", what, name);
}

static bool is_name(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '*')
        return false;
    while (isalnum((unsigned char)*name) || (*name && strchr("-_*", *name)))
        name++;
    return !*name;
}

static int add_group(struct buf *out, const json_t *value, int depth, struct koppel_error *err)
{
    const char *name;
    json_t *member;
    buf_add_text(out, "{");
    json_object_foreach((json_t *)value, name, member) {
        if (!is_name(name))
            return none(err, "the name ", name);
        buf_printf(out, " %s = ", name);
        if (add(out, member, depth, err) != 0)
            return -1;
        buf_add_text(out, ";");
    }
    buf_add_text(out, " }");
    return 0;
}

/* Texts alone are an array; all else is a list, which takes anything. */
static bool is_array(const json_t *value)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)value, i, one) {
        if (!json_is_string(one))
            return false;
    }
    return json_array_size(value) > 0;
}

static int add_list(struct buf *out, const json_t *value, const char *first, const char *between,
                    const char *last, int depth, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    buf_add_text(out, first);
    json_array_foreach((json_t *)value, i, one) {
        buf_add_text(out, i > 0 ? between : "");
        if (add(out, one, depth, err) != 0)
            return -1;
    }
    buf_add_text(out, last);
    return 0;
}

static int add_elements(struct buf *out, const json_t *value, int depth, struct koppel_error *err)
{
    struct buf line;
    if (json_array_size(value) == 0)
        return buf_add_text(out, "( )");
    if (is_array(value))
        return add_list(out, value, "[ ", ", ", " ]", depth, err);
    buf_init(&line, CONF_EDIT_CHANGE_BYTES);
    int rc = add_list(&line, value, "( ", ", ", " )", depth + 1, err);
    if (rc == 0 && line.bytes <= LINE_WIDTH) {
        buf_add(out, buf_text(&line), line.bytes);
    } else if (rc == 0) {
        char first[2 * DEPTH_LIMIT + 8], between[2 * DEPTH_LIMIT + 8], last[2 * DEPTH_LIMIT + 8];
        snprintf(first, sizeof first, "(\n%*s", 2 * depth + 2, "");
        snprintf(between, sizeof between, ",\n%*s", 2 * depth + 2, "");
        snprintf(last, sizeof last, "\n%*s)", 2 * depth, "");
        rc = add_list(out, value, first, between, last, depth + 1, err);
    }
    buf_done(&line);
    return rc;
}

static int add_text(struct buf *out, const json_t *value, struct koppel_error *err)
{
    if (strlen(json_string_value(value)) != json_string_length(value))
        return none(err, "a text with a zero in it", "");
    char *text = conf_edit_value_quoted(json_string_value(value));
    buf_add_text(out, text ? text : "");
    free(text);
    return text ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static int add(struct buf *out, const json_t *value, int depth, struct koppel_error *err)
{
    if (depth >= DEPTH_LIMIT)
        return none(err, "so many values inside one another", "");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return add_group(out, value, depth + 1, err);
    case JSON_ARRAY:
        return add_elements(out, value, depth, err);
    case JSON_STRING:
        return add_text(out, value, err);
    case JSON_INTEGER:
        return buf_printf(out, "%" JSON_INTEGER_FORMAT "%s", json_integer_value(value),
                          llabs(json_integer_value(value)) > INT32_MAX ? "L" : "");
    case JSON_TRUE:
    case JSON_FALSE:
        return buf_add_text(out, json_is_true(value) ? "true" : "false");
    default:
        return none(err, json_is_null(value) ? "null" : "a number with a fraction: give its digits "
                    "as text", "");
    }
}

char *conf_edit_json_text(const json_t *value, struct koppel_error *err)
{
    struct buf out;
    buf_init(&out, CONF_EDIT_CHANGE_BYTES);
    if (add(&out, value, 0, err) == 0 && buf_ok(&out))
        return buf_take(&out);
    if (!buf_ok(&out))
        (void)err_set(err, KOPPEL_E_REJECTED, "the value is too long");
    buf_done(&out);
    return NULL;
}
