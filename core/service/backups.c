/* SPDX-License-Identifier: MIT
 * Making and putting back of backups, as a person orders it. */
#include "service/backups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/ask.h"
#include "service/backup_list.h"
#include "service/opened.h"

#define KEY_FILE "secret.key"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static int need_conf(const struct service *s, struct koppel_error *err)
{
    return s->conf ? 0
                   : err_reason(err, KOPPEL_E_CONFIG, "backup.config",
                                "%s names no store and no key that can be read; koppel check says"
                                " why", s->dir);
}

static int64_t bytes_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* ---- making ---- */

static int write_with(struct store *store, const char *file, const struct backup_list *l,
                      json_t **out, struct koppel_error *err)
{
    if (store->ops->backup(store, file, l->files, l->count, err) != 0)
        return -1;
    *out = json_pack("{s:o,s:I,s:i,s:O,s:O}", "file", ask_json_text(file), "bytes",
                     (json_int_t)bytes_of(file), "files", l->count, "secrets", l->secrets,
                     "left_out", l->left_out);
    return *out ? 0 : no_memory(err);
}

int backups_write(const struct conf *conf, struct store *store, const char *file, json_t **out,
                  struct koppel_error *err)
{
    struct backup_list l;
    int rc = backup_list_fill(&l, conf->dir, conf->store_path, err);
    if (rc == 0)
        rc = write_with(store, file, &l, out, err);
    backup_list_done(&l);
    return rc;
}

int backups_make(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct store *store = NULL;
    if (need_conf(s, err) != 0 || engine_open_store(s->conf, ENGINE_LOOK, &store, err) != 0)
        return -1;
    int rc = backups_write(s->conf, store, ask_text(ask, "file"), out, err);
    store->ops->close(store);
    return rc;
}

/* ---- putting the store back ---- */

static json_t *about_json(const struct backup_about *about, const char *store)
{
    char made[CLOCK_TEXT_BYTES];
    clock_format(about->made_ms, made);
    return json_pack("{s:o,s:s,s:I,s:I}", "store", ask_json_text(store), "made", made, "links",
                     (json_int_t)about->links, "open", (json_int_t)about->open);
}

/* The store is opened once as an engine does, which makes of it what it is from now on. */
static int settle_in(const struct conf *conf, struct koppel_error *err)
{
    struct store *store = NULL;
    if (engine_open_store(conf, ENGINE_DELIVER, &store, err) != 0)
        return -1;
    store->ops->close(store);
    return 0;
}

int backups_put(const struct conf *conf, const char *file, json_t **out, struct koppel_error *err)
{
    struct backup *b = NULL;
    char *replaced = NULL;
    *out = NULL;
    if (backup_open(file, conf->key, &b, err) != 0)
        return -1;
    const char *path = conf->store_path;
    int older = backup_is_behind(b, path, err);
    int rc = older < 0 ? -1 : backup_put(b, path, &replaced, err);
    if (rc == 0) {
        *out = about_json(backup_about(b), path);
        rc = json_object_set_new(*out, "replaced", ask_json_text(replaced)) == 0 &&
                     json_object_set_new(*out, "older", json_boolean(older)) == 0
                 ? settle_in(conf, err) : no_memory(err);
        if (rc != 0)
            backup_undo(b, path, &replaced, err);
    }
    backup_close(b);
    if (rc != 0) {
        json_decref(*out);
        *out = replaced ? json_pack("{s:o}", "replaced", ask_json_text(replaced)) : NULL;
    }
    free(replaced);
    return rc;
}

int backups_restore(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    if (need_conf(s, err) != 0)
        return -1;
    int rc = backups_put(s->conf, ask_text(ask, "file"), out, err);
    if (rc != 0) {
        json_decref(*out); /* err tells it */
        *out = NULL;
    }
    return rc;
}

int backups_look(const char *file, const struct secret *key, struct koppel_error *err)
{
    struct backup *b = NULL;
    int rc = backup_open(file, key, &b, err);
    backup_close(b);
    return rc;
}

/* ---- into a folder of its own ---- */

/* Nothing stands there but the key. */
static int need_room(int folder, const char *to, bool *has_key, struct koppel_error *err)
{
    int rc = 0, own = dup(folder);
    DIR *dir = own >= 0 ? fdopendir(own) : NULL;
    *has_key = false;
    if (!dir)
        return err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", to, strerror(errno));
    for (struct dirent *e; rc == 0 && (e = readdir(dir));) {
        bool key = strcmp(e->d_name, KEY_FILE) == 0;
        *has_key = *has_key || key;
        if (!key && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            rc = err_reason(err, KOPPEL_E_CONFIG, "backup.exists",
                            "%s is not empty; a backup goes into a new folder, or one with nothing"
                            " but " KEY_FILE " in it", to);
    }
    closedir(dir);
    return rc;
}

static bool is_below(const char *name)
{
    return *name && *name != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 &&
           !strstr(name, "/../") &&
           (strlen(name) < 3 || strcmp(name + strlen(name) - 3, "/..") != 0);
}

struct unpacking {
    int folder, count;
    const char *to;
    struct koppel_error *err;
};

static int make_folders(int folder, char *name)
{
    for (char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int rc = mkdirat(folder, name, 0750);
        *slash = '/';
        if (rc != 0 && errno != EEXIST)
            return -1;
    }
    return 0;
}

static int write_file(int folder, const struct backup_file *f)
{
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s", f->name);
    if (strlen(f->name) >= sizeof name || make_folders(folder, name) != 0)
        return -1;
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, f->mode);
    if (fd < 0)
        return -1;
    size_t at = 0;
    for (ssize_t n = 0; at < f->bytes && n >= 0; at += n > 0 ? (size_t)n : 0)
        n = write(fd, f->text + at, f->bytes - at);
    int rc = at == f->bytes ? fsync(fd) : -1;
    int problem = errno;
    close(fd);
    errno = problem;
    return rc;
}

static int unpack_one(void *arg, const struct backup_file *f)
{
    struct unpacking *u = arg;
    if (!is_below(f->name))
        return err_reason(u->err, KOPPEL_E_CONFIG, "store.damaged",
                          "the backup holds a file of the name %s, which no configuration has",
                          f->name);
    if (strcmp(f->name, KEY_FILE) == 0)
        return 0; /* what stands there opened the backup */
    if (write_file(u->folder, f) != 0)
        return err_reason(u->err, KOPPEL_E_CONFIG, "backup.access", "%s/%s: %s", u->to, f->name,
                          strerror(errno));
    u->count++;
    return 0;
}

/* The key that lies there, else that of the configuration. *own is to be freed. */
static const struct secret *key_of(struct service *s, const char *to, bool has_key,
                                   struct secret **own, struct koppel_error *err)
{
    *own = NULL;
    if (has_key)
        return secret_key_load("file:" KEY_FILE, to, own, err) == 0 ? *own : NULL;
    if (s->conf)
        return s->conf->key;
    (void)err_reason(err, KOPPEL_E_CONFIG, "backup.key",
                     "a backup is read with the key of its store: put it at %s/" KEY_FILE
                     " (mode 0600)", to);
    return NULL;
}

/* Its configuration may name another place for the store than this one. */
static int tell_unpacked(const struct backup_about *about, const struct unpacking *u,
                         const char *store, json_t **out)
{
    struct conf_report ignored = {0};
    struct conf *names = opened_names(u->to, &ignored);
    *out = about_json(about, store);
    int rc = !*out || json_object_set_new(*out, "files", json_integer(u->count)) != 0 ? -1 : 0;
    if (rc == 0 && names && strcmp(names->store_path, store) != 0)
        rc = json_object_set_new(*out, "named", ask_json_text(names->store_path));
    conf_free(names);
    conf_report_done(&ignored);
    return rc == 0 ? 0 : no_memory(u->err);
}

static int unpack(struct service *s, const char *file, struct unpacking *u, json_t **out)
{
    struct secret *own = NULL;
    struct backup *b = NULL;
    bool has_key;
    char *store = NULL, *replaced = NULL;
    if (need_room(u->folder, u->to, &has_key, u->err) != 0)
        return -1;
    const struct secret *key = key_of(s, u->to, has_key, &own, u->err);
    int rc = key ? backup_open(file, key, &b, u->err) : -1;
    if (rc == 0 && asprintf(&store, "%s/koppel.db", u->to) < 0)
        rc = no_memory(u->err);
    if (rc == 0)
        rc = backup_files(b, unpack_one, u, u->err);
    if (rc == 0)
        rc = backup_put(b, store, &replaced, u->err);
    if (rc == 0)
        rc = tell_unpacked(backup_about(b), u, store, out);
    backup_close(b);
    secret_free(own);
    free(store);
    free(replaced);
    return rc;
}

int backups_unpack(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct unpacking u = {.to = ask_text(ask, "to"), .err = err};
    if (mkdir(u.to, 0750) != 0 && errno != EEXIST)
        return err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", u.to, strerror(errno));
    u.folder = open(u.to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (u.folder < 0)
        return err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", u.to, strerror(errno));
    int rc = unpack(s, ask_text(ask, "file"), &u, out);
    close(u.folder);
    return rc;
}
