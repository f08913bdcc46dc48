/* SPDX-License-Identifier: MIT
 * Changes of alerts.conf in memory. */
#include "service/alerts_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sealed.h"
#include "config/conf_edit.h"
#include "config/conf_edit_json.h"
#include "config/conf_edit_tree.h"
#include "service/ask.h"

#define PATH_BYTES 4096

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

bool alerts_file_is_secret(const char *member)
{
    static const char *const secrets[] = {"password", "secret", "token"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        if (strcmp(member, secrets[i]) == 0)
            return true;
    }
    return false;
}

/* ---- the file ---- */

static int open_file(struct conf_edit_files *files, const char *name, struct conf_edit_file **out,
                     struct koppel_error *err)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/%s", files->dir, name) >= (int)sizeof path)
        return err_set(err, KOPPEL_E_CONFIG, "%s: the path is too long", files->dir);
    *out = conf_edit_files_open(files, path, err);
    return *out ? 0 : -1;
}

static int read_json(struct conf_edit_files *files, const char *path, json_t **out,
                     struct koppel_error *err)
{
    struct conf_edit_node *root = conf_edit_tree_read(files, path, err);
    if (!root)
        return -1;
    *out = conf_edit_json(root);
    conf_edit_tree_free(root);
    return *out ? 0 : no_memory(err);
}

int alerts_file_json(struct service *s, json_t **out, struct koppel_error *err)
{
    struct conf_edit_files files = {.dir = s->dir};
    struct conf_edit_file *file;
    int rc = open_file(&files, ALERTS_FILE, &file, err);
    if (rc == 0)
        rc = read_json(&files, file->path, out, err);
    conf_edit_files_done(&files);
    return rc;
}

/* ---- one edit ---- */

struct editing {
    struct conf_edit_files *files;
    struct conf_edit_file *file;
    struct koppel_error *err;
};

/* value NULL: it goes. */
static int put(struct editing *e, const char *path, const json_t *value)
{
    struct conf_edit_order order = {.kind = value ? CONF_EDIT_SET : CONF_EDIT_UNSET,
                                    .file = e->file->path, .path = path};
    char *text = value ? conf_edit_json_text(value, e->err) : NULL;
    order.value = text;
    int rc = value && !text ? -1 : conf_edit(e->files, &order, e->err);
    free(text);
    if (rc != 0 && !e->err->reason[0] && e->err->kind != KOPPEL_E_RETRY)
        snprintf(e->err->reason, sizeof e->err->reason, SERVICE_WRONG);
    return rc;
}

/* The element of a list whose member is this; NULL: there is none. */
static json_t *element(const json_t *file, const char *list, const char *member, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(file, list), i, one) {
        const char *text = json_string_value(json_object_get(one, member));
        if (text && strcmp(text, name) == 0)
            return one;
    }
    return NULL;
}

static int put_below(struct editing *e, const char *below, const char *name, const json_t *value)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", below, name) < 0)
        return no_memory(e->err);
    int rc = put(e, path, value);
    free(path);
    return rc;
}

/* Makes of what stands below a path what it is to be. Members that are equal are not touched, so
 * that they keep the way in which they are written. */
static int put_members(struct editing *e, const char *below, const json_t *old, const json_t *new)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)old, name, value) {
        if (!json_object_get(new, name) && put_below(e, below, name, NULL) != 0)
            return -1;
    }
    json_object_foreach((json_t *)new, name, value) {
        if (!json_equal(value, json_object_get(old, name)) &&
            put_below(e, below, name, value) != 0)
            return -1;
    }
    return 0;
}

/* An element of a list, found by a member; wanted NULL: it goes. */
static int put_element(struct editing *e, const json_t *file, const char *list, const char *member,
                       const char *name, const json_t *wanted)
{
    char path[PATH_BYTES];
    json_t *old = element(file, list, member, name);
    if (old && strpbrk(name, "/=")) /* nothing that a path could name */
        return err_reason(e->err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "\"%s\" cannot be changed here: change the file", name);
    snprintf(path, sizeof path, "%s/%s=%s", list, member, name);
    if (old)
        return wanted ? put_members(e, path, old, wanted) : put(e, path, NULL);
    if (!wanted || json_object_get(file, list)) {
        snprintf(path, sizeof path, "%s/+", list);
        return wanted ? put(e, path, wanted) : 0;
    }
    json_t *one = json_pack("[O]", wanted);
    int rc = one ? put(e, list, one) : no_memory(e->err);
    json_decref(one);
    return rc;
}

static int begin(struct editing *e, struct conf_edit_files *files, json_t **file,
                 struct koppel_error *err)
{
    *e = (struct editing){.files = files, .err = err};
    if (open_file(files, ALERTS_FILE, &e->file, err) != 0)
        return -1;
    return read_json(files, e->file->path, file, err);
}

/* ---- channels ---- */

/* A secret as a file of its own that only the key of the installation opens. */
static int seal(struct editing *e, struct service *s, const char *channel, const char *member,
                const char *plain, json_t **reference)
{
    char name[SEALED_NAME_MAX + 1], path[PATH_BYTES], sealed[SEALED_NAME_MAX + 16];
    struct conf_edit_file *file;
    if (snprintf(name, sizeof name, "alert-%s-%s", channel, member) >= (int)sizeof name)
        return err_reason(e->err, KOPPEL_E_REJECTED, SERVICE_WRONG, "the channel's name is too "
                          "long for a secret of its own");
    snprintf(sealed, sizeof sealed, "sealed:%s", name);
    if (!sealed_name(sealed))
        return err_reason(e->err, KOPPEL_E_REJECTED, SERVICE_WRONG, "a channel with a secret has a "
                          "name of letters, digits, \"-\", \"_\" and \".\"");
    snprintf(path, sizeof path, SEALED_FOLDER "/%s" SEALED_ENDING, name);
    if (open_file(e->files, path, &file, e->err) != 0)
        return -1;
    char *text = sealed_make(s->conf->key, name, plain, strlen(plain));
    if (!text)
        return no_memory(e->err);
    conf_edit_files_put(file, text, strlen(text));
    *reference = json_string_nocheck(sealed);
    return 0;
}

static int add_secrets(struct editing *e, struct service *s, const char *channel, json_t *wanted,
                       const json_t *secrets)
{
    const char *member;
    json_t *value;
    json_object_foreach((json_t *)secrets, member, value) {
        const char *text = json_string_value(value);
        json_t *reference = NULL;
        if (json_is_null(value)) {
            (void)json_object_del(wanted, member);
            continue;
        }
        if (!text || !*text)
            return err_reason(e->err, KOPPEL_E_REJECTED, SERVICE_WRONG, "%s must be a text",
                              member);
        if (secret_is_reference(text))
            reference = json_incref(value);
        else if (seal(e, s, channel, member, text, &reference) != 0)
            return -1;
        (void)json_object_set_new(wanted, member, reference);
    }
    return 0;
}

/* What it is to be: what was given, the secrets that it has, and those that were given. */
static json_t *channel_wanted(const char *name, const json_t *old, const json_t *settings)
{
    json_t *wanted = json_pack("{s:o}", "name", json_string_nocheck(name)), *value;
    const char *member;
    (void)json_object_update(wanted, (json_t *)settings);
    (void)json_object_set_new(wanted, "name", json_string_nocheck(name));
    json_object_foreach((json_t *)old, member, value) {
        const char *text = json_string_value(value);
        bool hidden = alerts_file_is_secret(member) || (text && secret_is_reference(text));
        if (hidden && !json_object_get(wanted, member))
            (void)json_object_set(wanted, member, value);
    }
    return wanted;
}

int alerts_file_channel(struct conf_edit_files *files, struct service *s, const char *name,
                        const json_t *settings, const json_t *secrets, struct koppel_error *err)
{
    struct editing e;
    json_t *file = NULL;
    if (begin(&e, files, &file, err) != 0)
        return -1;
    json_t *old = element(file, "channels", "name", name);
    json_t *wanted = settings ? channel_wanted(name, old, settings) : NULL;
    int rc = wanted ? add_secrets(&e, s, name, wanted, secrets) : 0;
    if (rc == 0 && !wanted && !old)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "no channel \"%s\" in "
                        ALERTS_FILE, name);
    if (rc == 0)
        rc = put_element(&e, file, "channels", "name", name, wanted);
    json_decref(wanted);
    json_decref(file);
    return rc;
}

/* ---- rules and the rest ---- */

int alerts_file_rule(struct conf_edit_files *files, struct service *s, const char *rule,
                     const json_t *settings, struct koppel_error *err)
{
    struct editing e;
    json_t *file = NULL, *wanted = NULL;
    (void)s;
    if (begin(&e, files, &file, err) != 0)
        return -1;
    if (json_object_size(settings) > 0) {
        wanted = json_pack("{s:o}", "rule", json_string_nocheck(rule));
        (void)json_object_update(wanted, (json_t *)settings);
    }
    int rc = put_element(&e, file, "rules", "rule", rule, wanted);
    json_decref(wanted);
    json_decref(file);
    return rc;
}

int alerts_file_general(struct conf_edit_files *files, struct service *s, const json_t *settings,
                        struct koppel_error *err)
{
    struct editing e;
    json_t *file = NULL, *value;
    const char *name;
    int rc = begin(&e, files, &file, err);
    (void)s;
    json_object_foreach((json_t *)settings, name, value) {
        json_t *old = json_object_get(file, name);
        if (rc != 0 || json_equal(value, old) || (json_is_null(value) && !old))
            continue;
        rc = put(&e, name, json_is_null(value) ? NULL : value);
    }
    json_decref(file);
    return rc;
}
