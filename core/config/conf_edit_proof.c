/* SPDX-License-Identifier: MIT
 * What libconfig makes of a file, as JSON. */
#include "config/conf_edit_proof.h"

#include <libconfig.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/conf_edit_change.h"

#define INCLUDES 10

static json_t *proof_of(const config_setting_t *s);

static json_t *inside_of(const config_setting_t *s, const char *mark)
{
    bool group = config_setting_is_group(s);
    json_t *inside = group ? json_object() : json_array();
    for (int i = 0; i < config_setting_length(s); i++) {
        const config_setting_t *one = config_setting_get_elem(s, (unsigned)i);
        if (group)
            json_object_set_new_nocheck(inside, config_setting_name(one), proof_of(one));
        else
            json_array_append_new(inside, proof_of(one));
    }
    return json_pack("{s:o}", mark, inside);
}

static json_t *proof_of(const config_setting_t *s)
{
    char number[64];
    switch (config_setting_type(s)) {
    case CONFIG_TYPE_GROUP:
        return inside_of(s, "{");
    case CONFIG_TYPE_LIST:
        return inside_of(s, "(");
    case CONFIG_TYPE_ARRAY:
        return inside_of(s, "[");
    case CONFIG_TYPE_BOOL:
        return json_boolean(config_setting_get_bool(s));
    case CONFIG_TYPE_STRING:
        return json_string_nocheck(config_setting_get_string(s));
    case CONFIG_TYPE_FLOAT:
        snprintf(number, sizeof number, "%a", config_setting_get_float(s));
        return json_pack("{s:s}", "float", number);
    default:
        return json_pack("{s:I,s:i}", "integer", (json_int_t)config_setting_get_int64(s), "type",
                         config_setting_type(s));
    }
}

static json_t *proof_text(const char *text, struct koppel_error *err)
{
    config_t cfg;
    json_t *out = NULL;
    config_init(&cfg);
    if (config_read_string(&cfg, text))
        out = proof_of(config_root_setting(&cfg));
    else
        (void)err_set(err, KOPPEL_E_CONFIG, "libconfig refuses it: %s, line %d",
                      config_error_text(&cfg), config_error_line(&cfg));
    config_destroy(&cfg);
    return out;
}

/* The text of a file with those that it includes in place. */
static int flatten(struct conf_edit_files *files, const char *path, int depth, struct buf *out,
                   struct koppel_error *err)
{
    struct conf_edit_file *file = conf_edit_files_get(files, path, err);
    if (!file || conf_edit_files_scan(file, err) != 0)
        return -1;
    if (depth > INCLUDES)
        return err_set(err, KOPPEL_E_CONFIG, "%s: too many includes inside one another",
                       conf_edit_files_name(files, path));
    for (int i = 0; i < file->scan.count; i++) {
        const struct conf_edit_scan_token t = file->scan.tokens[i];
        const char *text = file->text + t.start, *quote;
        char *name = NULL;
        if (t.kind != SCAN_INCLUDE) {
            buf_add(out, text, t.end - t.start);
            continue;
        }
        quote = memchr(text, '"', t.end - t.start);
        if (asprintf(&name, "%s/%.*s", files->dir, (int)(file->text + t.end - quote) - 2,
                     quote + 1) < 0)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        buf_add_char(out, '\n');
        int rc = flatten(files, name, depth + 1, out, err);
        buf_add_char(out, '\n');
        free(name);
        if (rc != 0)
            return -1;
    }
    return 0;
}

json_t *conf_edit_proof_file(struct conf_edit_files *files, const char *path,
                             struct koppel_error *err)
{
    struct buf flat;
    json_t *out = NULL;
    buf_init(&flat, CONF_EDIT_CHANGE_BYTES);
    int rc = flatten(files, path, 0, &flat, err);
    if (rc == 0 && !buf_ok(&flat))
        rc = err_set(err, KOPPEL_E_CONFIG, "%s: too large", conf_edit_files_name(files, path));
    if (rc == 0)
        out = proof_text(buf_text(&flat), err);
    buf_done(&flat);
    return out;
}

/* Does it begin and end with what belongs to a value? What ends in a comment would take along what
 * is written behind it, and an include would be read from anywhere. */
static bool is_bare(const char *text, struct koppel_error *err)
{
    struct conf_edit_scan scan;
    if (conf_edit_scan(&scan, text, err) != 0)
        return false;
    bool bare = scan.count > 1;
    for (int i = 0; i < scan.count - 1 && bare; i++) {
        enum conf_edit_scan_kind kind = scan.tokens[i].kind;
        bool edge = i == 0 || i == scan.count - 2;
        bare = kind != SCAN_INCLUDE && kind != SCAN_BAD &&
               !(edge && (kind == SCAN_BLANK || kind == SCAN_BREAK || kind == SCAN_COMMENT));
    }
    conf_edit_scan_done(&scan);
    return bare;
}

json_t *conf_edit_proof_value(const char *text, struct koppel_error *err)
{
    struct buf whole;
    json_t *all = NULL, *out = NULL;
    buf_init(&whole, CONF_EDIT_CHANGE_BYTES);
    buf_printf(&whole, "v = %s\n;", text);
    if (is_bare(text, err) && buf_ok(&whole))
        all = proof_text(buf_text(&whole), NULL);
    json_t *members = all ? conf_edit_proof_inside(all) : NULL;
    if (members && json_object_size(members) == 1)
        out = json_incref(json_object_get(members, "v"));
    else
        (void)err_set(err, KOPPEL_E_CONFIG, "is not one value of a configuration");
    json_decref(all);
    buf_done(&whole);
    return out;
}

json_t *conf_edit_proof_inside(json_t *value)
{
    void *only = json_object_iter(value);
    return only ? json_object_iter_value(only) : NULL;
}

json_t *conf_edit_proof_at(json_t *root, const struct conf_edit_node *node)
{
    if (!node->parent)
        return root;
    json_t *inside = conf_edit_proof_inside(conf_edit_proof_at(root, node->parent));
    return node->name ? json_object_get(inside, node->name)
                      : json_array_get(inside, (size_t)conf_edit_tree_index(node));
}
