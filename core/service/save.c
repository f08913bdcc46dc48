/* SPDX-License-Identifier: MIT
 * Saving changed files of the configuration. What is about to be written stands in the store first,
 * with the digests of what was there and of what is to be, so that whoever comes after a crash can
 * tell how far it came. */
#include "service/save.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/differ.h"
#include "base/log.h"
#include "base/replace.h"
#include "config/conf_ground.h"
#include "service/lifecycle.h"
#include "service/revision_disk.h"
#include "service/revision_found.h"
#include "service/save_hidden.h"
#include "service/save_may.h"
#include "service/save_published.h"
#include "store/store_sealed.h"

#define PENDING "revision/pending" /* the sealed value that says what is being saved */
#define MARK ".saving"             /* beside the store: there is such a value */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

int save_lock(const struct service *s, int *lock, struct koppel_error *err)
{
    *lock = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s: %s", s->dir, strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    close(*lock);
    return err_set(err, KOPPEL_E_RETRY, "another program is changing the configuration in %s right"
                   " now; try again", s->dir);
}

void save_unlock(int lock)
{
    close(lock);
}

/* ---- what a crash leaves ---- */

static int mark_path(const char *store_path, char out[PATH_MAX], struct koppel_error *err)
{
    return snprintf(out, PATH_MAX, "%s" MARK, store_path) < PATH_MAX
               ? 0
               : err_set(err, KOPPEL_E_CONFIG, "%s: the name is too long", store_path);
}

/* The digest of what stands there now; "" where nothing does. */
static char *digest_now(const struct revision_place *p, const char *path)
{
    const char *why;
    size_t bytes = 0;
    char *text = conf_source_now(path, &bytes, &why);
    char *digest = text ? revision_digest(p, text, bytes) : strdup("");
    free(text);
    return digest;
}

/* The folder of a path; false: it has none that could be made, or is there already. */
static bool missing_folder(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path ||
        snprintf(out, PATH_MAX, "%.*s", (int)(slash - path), path) >= PATH_MAX)
        return false;
    return access(out, F_OK) != 0 && errno == ENOENT;
}

static int write_kept(const struct revision_place *p, const char *path, const char *digest,
                      struct koppel_error *err)
{
    char *text = NULL, folder[PATH_MAX];
    size_t bytes = 0;
    if (!*digest)
        return replace_remove(path, err);
    if (revision_text(p, digest, &text, &bytes, err) != 0)
        return -1;
    if (missing_folder(path, folder))
        (void)mkdir(folder, 0750); /* where it cannot be, writing says so */
    int rc = text ? replace_file(path, text, bytes, err)
                  : err_set(err, KOPPEL_E_CONFIG, "%s: the text to be saved is not kept", path);
    free(text);
    return rc;
}

static const char *member(const json_t *file, const char *name)
{
    return json_string_value(json_object_get(file, name));
}

/* Writes those files of a save that are not written yet, where at least one is and none became
 * something else. *wrote: there were such. */
static int finish(const struct revision_place *p, const json_t *files, bool *wrote,
                  struct koppel_error *err)
{
    size_t i, fresh = 0, old = 0;
    json_t *file;
    json_array_foreach(files, i, file) {
        char *now = digest_now(p, member(file, "path"));
        replace_clean(member(file, "path"));
        if (!now)
            return no_memory(err);
        fresh += strcmp(now, member(file, "now")) == 0;
        old += strcmp(now, member(file, "was")) == 0;
        free(now);
    }
    if (fresh == 0 || fresh + old < json_array_size(files))
        return 0;
    json_array_foreach(files, i, file) {
        char *now = digest_now(p, member(file, "path"));
        bool done = now && strcmp(now, member(file, "now")) == 0;
        free(now);
        *wrote = *wrote || !done;
        if (!done && write_kept(p, member(file, "path"), member(file, "now"), err) != 0)
            return -1;
    }
    return 0;
}

static int forget_pending(const struct revision_place *p, const char *mark,
                          struct koppel_error *err)
{
    if (p->store->ops->sealed_drop(p->store, PENDING, err) != 0)
        return -1;
    return replace_remove(mark, err);
}

int save_recover(const struct revision_place *p, const char *store_path, bool *wrote,
                 struct koppel_error *err)
{
    char mark[PATH_MAX];
    json_t *files;
    *wrote = false;
    if (mark_path(store_path, mark, err) != 0)
        return -1;
    if (access(mark, F_OK) != 0)
        return 0;
    if (store_sealed_get(p->store, PENDING, &files, NULL, err) != 0)
        return -1;
    int rc = json_is_array(files) ? finish(p, files, wrote, err) : 0;
    if (rc == 0)
        rc = forget_pending(p, mark, err);
    json_decref(files);
    return rc;
}

int save_start(struct store *store, const struct conf *conf, struct koppel_error *err)
{
    struct revision_place p = {store, conf->key, conf->dir};
    struct koppel_error problem = {0};
    bool wrote = false;
    if (save_recover(&p, conf->store_path, &wrote, err) != 0)
        return -1;
    if (wrote)
        return err_set(err, KOPPEL_E_RETRY, "a change of the configuration in %s that was cut short"
                       " is complete now; start again", conf->dir);
    if (conf->whole && !conf->published && revision_found(&p, conf, NULL, &problem) != 0)
        log_warning(LOG_ABOUT(.event = "config.revision"),
                    "this configuration is not kept as a revision: %s", problem.text);
    return 0;
}

/* ---- checking ---- */

struct checked {
    struct conf_source_text *texts; /* the change, as it was laid over what stands there */
    struct conf_source source;
    struct conf *conf; /* NULL: there are mistakes */
    struct conf_report report;
    bool worse;        /* some of them were not there before */
};

static void checked_done(struct checked *c)
{
    conf_free(c->conf);
    conf_report_done(&c->report);
    free(c->texts);
}

/* A case that fails is the same one, however much of it is mended. */
static bool is_same(const struct conf_mistake *a, const struct conf_mistake *b)
{
    bool of_case = a->path && b->path && strstr(a->path, "/cases/");
    return strcmp(a->file, b->file) == 0 &&
           (strcmp(a->text, b->text) == 0 || (of_case && strcmp(a->path, b->path) == 0));
}

static bool is_told(const struct conf_report *r, const struct conf_mistake *m)
{
    for (int i = 0; i < r->count; i++) {
        if (!r->items[i].warning && is_same(&r->items[i], m))
            return true;
    }
    return false;
}

static int check(struct service *s, const struct save_order *o, struct checked *out,
                 struct koppel_error *err)
{
    struct conf_source_text *texts = calloc((size_t)o->count + 1, sizeof *texts);
    struct conf_report before = {0};
    *out = (struct checked){.texts = texts, .source = {.texts = texts, .count = o->count}};
    if (!texts)
        return no_memory(err);
    for (int i = 0; i < o->count; i++)
        texts[i] = (struct conf_source_text){o->files[i].path, o->files[i].now,
                                             o->files[i].now_bytes};
    out->conf = lifecycle_load(s->dir, &out->source, s->plugins, &out->report);
    if (out->conf)
        return 0;
    conf_free(lifecycle_load(s->dir, NULL, s->plugins, &before));
    for (int i = 0; i < out->report.count; i++) {
        const struct conf_mistake *m = &out->report.items[i];
        out->worse = out->worse || (!m->warning && !is_told(&before, m));
    }
    conf_report_done(&before);
    return 0;
}

/* ---- writing ---- */

/* Is every file what it was read as, and may it be written? *refused: why not (caller frees). */
static int look_at_files(struct service *s, const struct save_order *o, char **refused,
                         struct koppel_error *err)
{
    for (int i = 0; i < o->count; i++) {
        const struct save_file *f = &o->files[i];
        const char *why;
        size_t bytes = 0;
        char *now = conf_source_now(f->path, &bytes, &why);
        bool same = !now == !f->was && (!now || (bytes == f->was_bytes &&
                                                 memcmp(now, f->was, bytes) == 0));
        free(now);
        if (!same)
            return err_set(err, KOPPEL_E_RETRY, "%s changed since it was read; nothing was"
                           " saved, try again", f->path);
        if (!*refused && save_may(s, f->path, refused, err) != 0)
            return -1;
    }
    return 0;
}

/* Where the bytes of a path are: a link inside the directory is followed. */
static char *target_of(const char *path)
{
    char *real = realpath(path, NULL);
    return real ? real : strdup(path);
}

static int make_mark(const char *mark, struct koppel_error *err)
{
    int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s: %s", mark, strerror(errno));
    close(fd);
    return replace_sync(mark) == 0 ? 0
                                   : err_set(err, KOPPEL_E_CONFIG, "%s: %s", mark, strerror(errno));
}

/* Says in the store what is going to be written, with the texts; *files: for finish. */
static int announce(const struct revision_place *p, const struct save_order *o, const char *mark,
                    json_t **files, struct koppel_error *err)
{
    *files = json_array();
    for (int i = 0; i < o->count; i++) {
        const struct save_file *f = &o->files[i];
        char *was = NULL, *now = NULL, *path = target_of(f->path);
        int rc = path ? 0 : no_memory(err);
        if (rc == 0 && f->now)
            rc = revision_keep(p, f->now, f->now_bytes, &now, err);
        if (rc == 0 && f->was)
            was = revision_digest(p, f->was, f->was_bytes);
        if (rc == 0)
            json_array_append_new(*files, json_pack("{s:s,s:s,s:s}", "path", path, "was",
                                                    was ? was : "", "now", now ? now : ""));
        free(was);
        free(now);
        free(path);
        if (rc != 0)
            return -1;
    }
    return store_sealed_put(p->store, PENDING, json_incref(*files), -1, NULL, err) == 0
               ? make_mark(mark, err)
               : -1;
}

static int write_files(const struct revision_place *p, const json_t *files,
                       struct koppel_error *err)
{
    size_t i;
    json_t *file;
    json_array_foreach(files, i, file) {
        if (write_kept(p, member(file, "path"), member(file, "now"), err) == 0)
            continue;
        /* what was written goes back to what it was */
        for (; i > 0; i--) {
            json_t *done = json_array_get(files, i - 1);
            struct koppel_error ignored = {0};
            (void)write_kept(p, member(done, "path"), member(done, "was"), &ignored);
        }
        return -1;
    }
    return 0;
}

/* The texts that are there before, so that they can be put back. */
static int keep_old(const struct revision_place *p, const struct save_order *o,
                    struct koppel_error *err)
{
    for (int i = 0; i < o->count; i++) {
        char *digest = NULL;
        if (o->files[i].was &&
            revision_keep(p, o->files[i].was, o->files[i].was_bytes, &digest, err) != 0)
            return -1;
        free(digest);
    }
    return 0;
}

static json_t *diffs(const struct revision_place *p, struct plugins *plugins,
                     const struct save_order *o)
{
    json_t *out = json_array();
    for (int i = 0; i < o->count; i++) {
        const struct save_file *f = &o->files[i];
        char *diff = save_hidden_diff(p, plugins, f->path, f->was, f->now);
        json_array_append_new(out, json_pack("{s:o,s:o}", "path",
                                             json_string_nocheck(revision_name(p, f->path)),
                                             "diff", json_string_nocheck(diff ? diff : "")));
        free(diff);
    }
    return out;
}

/* What is there was written by hand perhaps, and is kept before it is changed. */
static int keep_found(struct service *s, const struct revision_place *p, struct koppel_error *err)
{
    struct conf_report ignored = {0};
    struct conf *conf = lifecycle_load(s->dir, NULL, s->plugins, &ignored);
    int rc = conf ? revision_found(p, conf, NULL, err) : 0;
    conf_free(conf);
    conf_report_done(&ignored);
    return rc;
}

/* The files are written, whatever fails behind that: who is told otherwise would try again, and be
 * refused. The mark stays, and whoever comes next finishes it. */
static void warn_unfinished(const struct service *s, json_t *out, const struct koppel_error *why)
{
    struct conf_report report = {0};
    log_warning(LOG_ABOUT(.event = "config.revision", .reason = why->reason),
                "a change is saved, but not kept as a revision yet: %s", why->text);
    conf_report_add(&report, true, s->dir, 0, "the change is saved, but not kept as a revision yet:"
                    " %s", why->text);
    for (int i = 0; i < report.count; i++)
        json_array_append_new(json_object_get(out, "mistakes"),
                              conf_report_json(&report.items[i]));
    conf_report_done(&report);
}

static int write_all(struct service *s, const struct service_ask *ask, const struct save_order *o,
                     const struct conf *conf, json_t *out, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    struct revision_origin origin = {ask->who->name, o->how, o->why};
    char mark[PATH_MAX];
    json_t *files = NULL;
    int64_t seq = 0;
    int rc = mark_path(s->conf->store_path, mark, err);
    if (rc == 0)
        rc = keep_found(s, &p, err);
    if (rc == 0)
        rc = keep_old(&p, o, err);
    if (rc == 0 && (rc = announce(&p, o, mark, &files, err)) == 0 &&
        write_files(&p, files, err) != 0) {
        json_object_set_new(out, "refused", json_string_nocheck(err->text));
        json_object_set_new(out, "saved", json_false());
        json_object_set_new(out, "active", json_false());
        json_decref(files);
        return forget_pending(&p, mark, err);
    }
    json_decref(files);
    if (rc != 0)
        return -1;
    /* before it is forgotten: a crash in between leaves the revision to the next start */
    struct koppel_error why = {0};
    rc = conf ? revision_activated(&p, conf, &origin, &seq, &why)
              : revision_disk_keep(&p, &origin, &why);
    if (rc == 0 && conf)
        json_object_set_new(out, "revision", json_integer(seq));
    if (rc == 0)
        rc = forget_pending(&p, mark, &why);
    if (rc != 0)
        warn_unfinished(s, out, &why);
    return 0;
}

/* The engine that runs takes what was saved. */
static void activate(struct service *s, json_t *out)
{
    json_t *taken = lifecycle_after(s);
    json_object_set(out, "active", json_object_get(taken, "active"));
    json_object_set_new(out, "reload", taken);
}

/* A configuration with mistakes is never published. */
static bool is_broken(const struct checked *c)
{
    struct conf_ground *ground = conf_ground_hold();
    conf_ground_let_go(ground);
    return ground && !c->conf;
}

/* ask NULL: nothing is written. */
static int try_files(struct service *s, const struct service_ask *ask,
                     const struct save_order *order, json_t **out, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    struct checked c = {0};
    char *refused = NULL;
    int rc = look_at_files(s, order, &refused, err);
    if (rc == 0)
        rc = check(s, order, &c, err);
    if (rc == 0)
        rc = save_published_use(order, c.conf, &refused, err);
    if (rc != 0) {
        checked_done(&c);
        free(refused);
        return -1;
    }
    c.worse = c.worse || is_broken(&c);
    json_t *mistakes = json_array();
    for (int i = 0; i < c.report.count; i++)
        json_array_append_new(mistakes, conf_report_json(&c.report.items[i]));
    *out = json_pack("{s:b,s:b,s:n,s:o,s:o,s:n}", "saved", 0, "active", 0, "revision", "files",
                     diffs(&p, s->plugins, order), "mistakes", mistakes, "reload");
    bool same = order->count == 0 || !ask;
    if (order->count == 0 || (!refused && !c.worse)) {
        json_object_set_new(*out, "saved", json_true());
        json_object_set_new(*out, "active", json_boolean(c.conf));
    }
    if (refused)
        json_object_set_new(*out, "refused", json_string_nocheck(refused));
    else if (!c.worse && !same)
        rc = c.conf && c.conf->published
                 ? save_published(s, ask, order, c.conf, &c.source, *out, err)
                 : write_all(s, ask, order, c.conf, *out, err);
    if (rc == 0 && s->serves && !same && c.conf && json_is_true(json_object_get(*out, "saved")))
        activate(s, *out);
    if (rc != 0) {
        json_decref(*out);
        *out = NULL;
    }
    checked_done(&c);
    free(refused);
    return rc;
}

int save_files(struct service *s, const struct service_ask *ask, const struct save_order *order,
               json_t **out, struct koppel_error *err)
{
    return try_files(s, ask, order, out, err);
}

int save_try(struct service *s, const struct save_order *order, json_t **out,
             struct koppel_error *err)
{
    return try_files(s, NULL, order, out, err);
}
