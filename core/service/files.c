/* SPDX-License-Identifier: MIT
 * The files of the configuration as texts: those of the directory, or what is published in their
 * place. What may be shown is what a backup would take: no file that holds a secret, and nothing
 * outside of the directory. */
#include "service/files.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/differ.h"
#include "config/conf_ground.h"
#include "config/conf_source.h"
#include "service/ask.h"
#include "service/backup_list.h"
#include "service/configs_edit.h"
#include "service/lifecycle.h"
#include "service/revision_disk.h"
#include "service/save.h"
#include "service/save_hidden.h"
#include "service/save_may.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static struct revision_place place_of(const struct service *s)
{
    return (struct revision_place){s->store, s->conf->key, s->dir};
}

/* ---- names ---- */

static bool ends_so(const char *name)
{
    static const char *const ends[] = {".conf", ".csv", ".json"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof ends / sizeof *ends; i++) {
        if (strcmp(dot, ends[i]) == 0)
            return true;
    }
    return false;
}

/* A file that a page may make: of the folders that are read, and no hidden part on the way. */
static bool may_be_new(const char *name)
{
    static const char *const folders[] = {"connections.d/", "flows.d/", "mappings/", "tables/"};
    bool placed = strcmp(name, "alerts.conf") == 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        placed = placed || strncmp(name, folders[i], strlen(folders[i])) == 0;
    return placed && ends_so(name) && !strstr(name, "/.") && !strstr(name, "//");
}

/* The folder of a new file, as it is once links are followed, must be inside. */
static bool is_inside(const struct service *s, const char *path)
{
    struct conf_ground *ground = conf_ground_hold_for(s->dir);
    bool published = conf_ground_covers(ground, path);
    conf_ground_let_go(ground);
    if (published)
        return true; /* it is to stand on no disk */
    char *folder = strndup(path, (size_t)(strrchr(path, '/') - path));
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *top = realpath(s->dir, NULL);
    size_t n = top ? strlen(top) : 0;
    bool inside = real && top && strncmp(real, top, n) == 0 && (real[n] == '/' || !real[n]);
    free(folder);
    free(real);
    free(top);
    return inside;
}

/* ---- list ---- */

struct listing {
    const struct service *s;
    struct revision_place place;
    struct backup_list files;
    json_t *changes; /* name: what happened to it since the active revision */
};

static int see_other(void *arg, const struct revision_other *o)
{
    struct listing *l = arg;
    const char *change = !o->kept ? "added" : !o->disk ? "removed" : "changed";
    return json_object_set_new(l->changes, revision_name(&l->place, o->path), json_string(change));
}

static int listing_begin(struct listing *l, struct service *s, struct koppel_error *err)
{
    json_t *active = NULL;
    *l = (struct listing){.s = s, .place = place_of(s), .changes = json_object()};
    if (!l->changes)
        return no_memory(err);
    if (backup_list_now(&l->files, s->dir, s->conf->store_path, err) != 0 ||
        revision_get(&l->place, 0, &active, err) != 0)
        return -1;
    int rc = active ? revision_disk_each(&l->place, active, NULL, see_other, l, err) : 0;
    json_decref(active);
    return rc < 0 ? -1 : 0;
}

static void listing_done(struct listing *l)
{
    backup_list_done(&l->files);
    json_decref(l->changes);
}

static const struct backup_file *find(const struct listing *l, const char *name)
{
    for (int i = 0; i < l->files.count; i++) {
        if (strcmp(l->files.files[i].name, name) == 0 && ends_so(name))
            return &l->files.files[i];
    }
    return NULL;
}

static json_t *row_of(const struct listing *l, const struct backup_file *f)
{
    struct koppel_error why = {0};
    char path[PATH_MAX], *refused = NULL;
    char *digest = revision_digest(&l->place, f->text, f->bytes);
    const json_t *change = json_object_get(l->changes, f->name);
    if (snprintf(path, sizeof path, "%s/%s", l->place.dir, f->name) >= (int)sizeof path)
        (void)err_set(&why, KOPPEL_E_CONFIG, "its path is too long");
    else
        (void)save_may(l->s, path, &refused, &why);
    const char *words = refused ? refused : why.kind ? why.text : NULL;
    json_t *row = json_pack("{s:o,s:I,s:o,s:b,s:o,s:O?}", "file", ask_json_text(f->name), "bytes",
                            (json_int_t)f->bytes, "digest", ask_json_text(digest), "writable",
                            !words, "why", ask_json_text(words), "change", change);
    free(refused);
    free(digest);
    return row;
}

/* Files of the active configuration that are gone. */
static void add_removed(const struct listing *l, json_t *rows)
{
    const char *name;
    json_t *change;
    json_object_foreach(l->changes, name, change) {
        if (strcmp(json_string_value(change), "removed") == 0)
            (void)json_array_append_new(
                rows, json_pack("{s:o,s:i,s:s,s:b,s:n,s:O}", "file", ask_json_text(name), "bytes",
                                0, "digest", "", "writable", *name != '/', "why", "change",
                                change));
    }
}

int files_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    struct listing l;
    json_t *rows = json_array();
    (void)ask;
    int rc = listing_begin(&l, s, err);
    for (int i = 0; rc == 0 && i < l.files.count; i++) {
        if (ends_so(l.files.files[i].name))
            (void)json_array_append_new(rows, row_of(&l, &l.files.files[i]));
    }
    if (rc == 0) {
        add_removed(&l, rows);
        *out = json_pack("{s:O,s:O}", "files", rows, "left_out", l.files.left_out);
    }
    listing_done(&l);
    json_decref(rows);
    return rc == 0 && !*out ? no_memory(err) : rc;
}

/* ---- one ---- */

static int unknown(const struct listing *l, const char *name, struct koppel_error *err)
{
    const char **names = calloc((size_t)l->files.count + 1, sizeof *names);
    for (int i = 0; names && i < l->files.count; i++)
        names[i] = ends_so(l->files.files[i].name) ? l->files.files[i].name : NULL;
    int rc = ask_unknown("file", name, l->place.dir, names, names ? l->files.count : 0, err);
    free(names);
    return rc;
}

/* Of a file, as they stand in a report of the whole. */
static json_t *mistakes_of(struct service *s, const char *name)
{
    struct conf_report report = {0};
    struct revision_place p = place_of(s);
    json_t *out = json_array();
    conf_free(lifecycle_load(s->dir, NULL, s->plugins, &report));
    for (int i = 0; i < report.count; i++) {
        if (strcmp(revision_name(&p, report.items[i].file), name) == 0)
            (void)json_array_append_new(out, conf_report_json(&report.items[i]));
    }
    conf_report_done(&report);
    return out;
}

int files_show(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    const char *name = ask_text(ask, "file");
    struct listing l;
    int rc = listing_begin(&l, s, err);
    const struct backup_file *f = rc == 0 ? find(&l, name) : NULL;
    if (rc == 0 && !f)
        rc = unknown(&l, name, err);
    char *text = f ? save_hidden_text(&l.place, s->plugins, f->text) : NULL;
    json_t *row = text ? row_of(&l, f) : NULL;
    if (row && json_object_set_new(row, "text", ask_json_text(text)) == 0 &&
        json_object_set_new(row, "mistakes", mistakes_of(s, name)) == 0)
        *out = json_incref(row);
    else if (rc == 0)
        rc = no_memory(err);
    json_decref(row);
    free(text);
    listing_done(&l);
    return rc;
}

/* ---- changing ---- */

/* A file as it stands and as it is to be. */
struct change {
    struct listing l;
    char path[PATH_MAX];
    const struct backup_file *was; /* NULL: it is not there */
    char *now;                     /* NULL: it goes */
};

static int change_begin(struct change *c, struct service *s, const struct service_ask *ask,
                        struct koppel_error *err)
{
    const char *name = ask_text(ask, "file");
    const json_t *text = json_object_get(ask->in, "text");
    c->now = NULL;
    if (listing_begin(&c->l, s, err) != 0)
        return -1;
    c->was = find(&c->l, name);
    if (snprintf(c->path, sizeof c->path, "%s/%s", s->dir, name) >= (int)sizeof c->path ||
        (!c->was && (!may_be_new(name) || !is_inside(s, c->path))))
        return unknown(&c->l, name, err);
    if (!text)
        return 0;
    return save_hidden_restore(&c->l.place, s->plugins, c->was ? c->was->text : "",
                               json_string_value(text), &c->now, err);
}

static void change_done(struct change *c)
{
    free(c->now);
    listing_done(&c->l);
}

static int save(struct service *s, const struct service_ask *ask, const struct change *c, bool plan,
                json_t **out, struct koppel_error *err)
{
    const struct backup_file *was = c->was;
    struct save_file file = {c->path, was ? was->text : NULL, was ? was->bytes : 0, c->now,
                             c->now ? strlen(c->now) : 0};
    bool same = was && c->now && strcmp(was->text, c->now) == 0;
    struct save_order order = {&file, same ? 0 : 1, ask->who->via, ask_text(ask, "why")};
    return plan ? save_try(s, &order, out, err) : save_files(s, ask, &order, out, err);
}

/* What others did since the base was read. */
static json_t *theirs(struct service *s, const struct service_ask *ask, const struct change *c)
{
    const char *base = ask_text(ask, "base");
    if (!json_object_get(ask->in, "base"))
        return json_null();
    char *text = save_hidden_text(&c->l.place, s->plugins, c->was ? c->was->text : NULL);
    char *diff = differ_unified(base ? base : "", text, ask_text(ask, "file"));
    json_t *out = ask_json_text(diff);
    free(diff);
    free(text);
    return out;
}

int files_check(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct change c;
    int rc = change_begin(&c, s, ask, err);
    if (rc == 0)
        rc = save(s, ask, &c, true, out, err);
    if (rc == 0)
        (void)json_object_set_new(*out, "theirs", theirs(s, ask, &c));
    change_done(&c);
    return rc;
}

static bool is_digest(const struct change *c, const char *digest)
{
    char *now = c->was ? revision_digest(&c->l.place, c->was->text, c->was->bytes) : strdup("");
    bool same = now && strcmp(now, digest) == 0;
    free(now);
    return same;
}

static int save_locked(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    struct change c;
    const char *digest = json_string_value(json_object_get(ask->in, "digest"));
    int rc = change_begin(&c, s, ask, err);
    if (rc == 0 && !is_digest(&c, digest))
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_CHANGED,
                        "%s changed since it was read; nothing was saved", ask_text(ask, "file"));
    if (rc == 0)
        rc = save(s, ask, &c, false, out, err);
    if (rc == 0) {
        char *now = c.now ? revision_digest(&c.l.place, c.now, strlen(c.now)) : strdup("");
        bool saved = json_is_true(json_object_get(*out, "saved"));
        (void)json_object_set_new(*out, "digest", ask_json_text(saved && now ? now : digest));
        free(now);
    }
    change_done(&c);
    return rc;
}

int files_save(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    return configs_edit_locked(s, ask, save_locked, out, err);
}
