/* SPDX-License-Identifier: MIT
 * A revision held against the disk. */
#include "service/revision_disk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_source.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static int is_conf(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".conf") == 0;
}

/* Adds {path: digest} of the folder's files where the object has no such path. */
static void add_folder(const struct revision_place *p, const char *folder, json_t *paths)
{
    struct dirent **list = NULL;
    char *dir = NULL;
    if (asprintf(&dir, "%s/%s", p->dir, folder) < 0)
        return;
    int n = scandir(dir, &list, is_conf, alphasort);
    for (int i = 0; i < n; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, list[i]->d_name) > 0 && !json_object_get(paths, path))
            json_object_set_new_nocheck(paths, path, json_null());
        free(path);
        free(list[i]);
    }
    free(list);
    free(dir);
}

static int add_name(void *arg, const char *name, const char *text, size_t bytes)
{
    json_t *paths = arg;
    (void)text;
    (void)bytes;
    return json_object_get(paths, name) ? 0
                                        : json_object_set_new_nocheck(paths, name, json_null());
}

/* Every file that belongs to either: its digest in the revision, null where it is not in it. */
static json_t *paths_of(const struct revision_place *p, const json_t *revision,
                        const struct conf_source *source)
{
    json_t *paths = json_object(), *file;
    size_t i;
    bool stands = false;
    json_array_foreach(json_object_get(revision, "files"), i, file)
        json_object_set_nocheck(paths, json_string_value(json_object_get(file, "path")),
                                json_object_get(file, "text"));
    if (!source || !source->disk)
        (void)conf_source_standing(p->dir, &stands, add_name, paths);
    if (!stands) {
        add_folder(p, "connections.d", paths);
        add_folder(p, "flows.d", paths);
    }
    static const char *const own[] = {"koppel.conf", "alerts.conf"};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++) {
        if (!json_object_get(paths, own[k]))
            json_object_set_new(paths, own[k], json_null());
    }
    return paths;
}

static char *absolute(const struct revision_place *p, const char *name)
{
    char *path = NULL;
    int n = *name == '/' ? asprintf(&path, "%s", name) : asprintf(&path, "%s/%s", p->dir, name);
    return n > 0 ? path : NULL;
}

static int see(const struct revision_place *p, const struct conf_source *source, const char *name,
               const char *digest,
               int (*visit)(void *arg, const struct revision_other *other), void *arg,
               struct koppel_error *err)
{
    const char *why;
    char *path = absolute(p, name), *kept = NULL;
    struct revision_other o = {.path = path};
    if (!path)
        return no_memory(err);
    char *disk = conf_source_text(source, path, &o.disk_bytes, &why);
    char *now = disk ? revision_digest(p, disk, o.disk_bytes) : NULL;
    int rc = 0;
    if (!(now && digest && strcmp(now, digest) == 0) && (now || digest)) {
        if (digest)
            rc = revision_text(p, digest, &kept, &o.kept_bytes, err);
        if (rc == 0 && digest && !kept)
            rc = err_set(err, KOPPEL_E_CONFIG, "the text of %s is not kept any more", name);
        o.kept = kept;
        o.disk = disk;
        if (rc == 0)
            rc = visit(arg, &o);
    }
    free(path);
    free(disk);
    free(now);
    free(kept);
    return rc;
}

int revision_disk_each(const struct revision_place *p, const json_t *revision,
                       const struct conf_source *source,
                       int (*visit)(void *arg, const struct revision_other *other), void *arg,
                       struct koppel_error *err)
{
    json_t *paths = paths_of(p, revision, source), *digest;
    const char *name;
    int rc = 0;
    json_object_foreach(paths, name, digest) {
        if (rc == 0)
            rc = see(p, source, name, json_string_value(digest), visit, arg, err);
    }
    json_decref(paths);
    return rc;
}

/* The files of the revision as they are on the disk, and those beside them. */
static int read_set(const struct revision_place *p, const json_t *revision,
                    struct revision_set *out, struct koppel_error *err)
{
    json_t *paths = paths_of(p, revision, NULL), *digest;
    const char *name, *why;
    *out = (struct revision_set){.files = calloc(json_object_size(paths) + 1, sizeof *out->files)};
    int rc = out->files ? 0 : no_memory(err);
    json_object_foreach(paths, name, digest) {
        if (rc != 0)
            break;
        struct revision_file *f = &out->files[out->count];
        f->path = absolute(p, name);
        f->text = f->path ? conf_source_now(f->path, &f->bytes, &why) : NULL;
        if (f->text)
            out->count++;
        else
            free(f->path);
    }
    json_decref(paths);
    return rc;
}

static int see_other(void *arg, const struct revision_other *o)
{
    (void)o;
    *(bool *)arg = true;
    return 0;
}

int revision_disk_keep(const struct revision_place *p, const struct revision_origin *origin,
                       struct koppel_error *err)
{
    struct revision_set set = {0};
    json_t *active = NULL;
    bool differs = false;
    int64_t seq;
    int rc = revision_get(p, 0, &active, err);
    if (rc == 0 && active)
        rc = revision_disk_each(p, active, NULL, see_other, &differs, err);
    if (rc == 0 && (differs || !active) && (rc = read_set(p, active, &set, err)) == 0)
        rc = revision_put(p, &set, NULL, origin, &seq, err);
    revision_set_done(&set);
    json_decref(active);
    return rc;
}
