/* SPDX-License-Identifier: MIT
 * What is published to all hosts that share a store, in memory and in the store. */
#include "service/published.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/conf_alert.h"
#include "config/conf_load.h"
#include "engine/engine.h"
#include "service/service.h"

#define WORDS_BYTES 2000

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- what is published, in memory ---- */

/* One file of a revision; what is outside of the directory belongs to each host. */
static int add_file(const struct revision_place *p, const json_t *file,
                    struct conf_ground_file *files, int *count, struct koppel_error *err)
{
    const char *name = json_string_value(json_object_get(file, "path"));
    struct conf_ground_file *f = &files[*count];
    if (*name == '/')
        return 0;
    if (revision_text(p, json_string_value(json_object_get(file, "text")), &f->text, &f->bytes,
                      err) != 0)
        return -1;
    if (!f->text)
        return err_set(err, KOPPEL_E_CONFIG, "the text of %s is not kept any more", name);
    ++*count;
    return asprintf(&f->path, "%s/%s", p->dir, name) < 0 ? no_memory(err) : 0;
}

struct conf_ground *published_ground(const struct revision_place *p, int64_t seq,
                                     struct koppel_error *err)
{
    json_t *revision = NULL, *file;
    size_t i;
    int count = 0;
    if (revision_get(p, seq, &revision, err) != 0)
        return NULL;
    if (!revision) {
        (void)err_reason(err, KOPPEL_E_CONFIG, SERVICE_UNKNOWN,
                         "there is no revision %lld; koppel config log lists them",
                         (long long)seq);
        return NULL;
    }
    const json_t *list = json_object_get(revision, "files");
    struct conf_ground_file *files = calloc(json_array_size(list) + 1, sizeof *files);
    int rc = files ? 0 : no_memory(err);
    json_array_foreach(list, i, file) {
        if (rc == 0)
            rc = add_file(p, file, files, &count, err);
    }
    json_decref(revision);
    struct conf_ground *ground = NULL;
    if (rc == 0 && !(ground = conf_ground_new(p->dir, seq, files, count)))
        (void)no_memory(err);
    else if (rc != 0 && files)
        conf_ground_files_done(files, count);
    return ground;
}

int published_pull(const struct revision_place *p, struct koppel_error *err)
{
    int64_t seq;
    if (p->store->ops->published(p->store, &seq, err) != 0)
        return -1;
    struct conf_ground *now = conf_ground_hold_for(p->dir), *next = NULL;
    bool there = (now ? now->revision : 0) == seq;
    conf_ground_let_go(now);
    if (there)
        return 0;
    if (seq > 0 && !(next = published_ground(p, seq, err)))
        return err_prefix(err, "revision %lld, which is published", (long long)seq);
    conf_ground_put(next);
    return 0;
}

int published_first(const char *dir, struct koppel_error *err)
{
    struct conf_report ignored = {0};
    struct conf *names = conf_load_names(dir, &ignored);
    struct store *store = NULL;
    int rc = 0;
    conf_report_done(&ignored);
    /* who has neither is told by whoever opens it */
    if (names && names->key && names->store_connection) {
        rc = engine_open_store(names, ENGINE_LOOK, &store, err);
        struct revision_place p = {store, names->key, names->dir};
        if (rc == 0)
            rc = published_pull(&p, err);
        if (store)
            store->ops->close(store);
    }
    conf_free(names);
    return rc;
}

static void add_words(struct buf *out, bool *any, const char *words)
{
    if (!words)
        return;
    if (*any)
        buf_add_text(out, "; ");
    buf_add_text(out, words);
    *any = true;
}

char *published_lacks(const struct conf *conf)
{
    const struct conf_alert *alert = conf->alert;
    struct buf out;
    bool any = false;
    buf_init(&out, WORDS_BYTES);
    for (int i = 0; i < conf->connection_count; i++)
        add_words(&out, &any, conf->connections[i].lacks);
    for (int i = 0; i < alert->channel_count; i++)
        add_words(&out, &any, alert->channels[i].lacks);
    add_words(&out, &any, alert->lacks);
    char *words = buf_take(&out);
    if (any)
        return words;
    free(words);
    return NULL;
}

/* ---- publishing ---- */

int published_another(int64_t stands, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, SERVICE_CHANGED,
                      "revision %lld was published meanwhile; nothing was published, look at it and"
                      " try again", (long long)stands);
}

int published_put(struct store *store, int64_t seq, int64_t over, struct koppel_error *err)
{
    int64_t stands = 0;
    if (store->ops->publish(store, seq, over, &stands, err) != 0)
        return -1;
    return stands == over ? 0 : published_another(stands, err);
}

bool published_takes(const struct conf *conf, const char *path)
{
    for (int i = 0; i < conf->read_count; i++) {
        if (strcmp(conf->reads[i].path, path) == 0)
            return true;
    }
    return false;
}

int published_keep(const struct revision_place *p, const struct conf *conf,
                   const struct conf_source *source, const struct revision_origin *origin,
                   int64_t *seq, struct koppel_error *err)
{
    struct revision_set set = {0};
    bool changed = false;
    int rc = revision_set_read(&set, conf, source, &changed, err);
    if (rc == 0 && changed)
        rc = err_set(err, KOPPEL_E_RETRY, "the configuration changed while it was loaded");
    if (rc == 0)
        rc = revision_put(p, &set, conf, origin, seq, err);
    revision_set_done(&set);
    return rc;
}

int published_change(const struct revision_place *p, const struct conf *conf,
                     const struct conf_source *change, const struct revision_origin *origin,
                     int64_t *revision, struct koppel_error *err)
{
    if (published_keep(p, conf, change, origin, revision, err) != 0)
        return -1;
    return *revision == conf->published
               ? 0
               : published_put(p->store, *revision, conf->published, err);
}
