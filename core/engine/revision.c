/* SPDX-License-Identifier: MIT
 * Configurations as they were active. A revision is an entry of the store's log that names its
 * files with the digest of each text; a text is an entry of its own under that digest. */
#include "engine/revision.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "engine/revision_facts.h"

#define KIND "revision"
#define TEXT_KIND "revision-text"
#define DIGEST_BYTES 16
#define PAGE 50
/* Not dropped though no revision names it: one that does may be on its way. */
#define YOUNG_MS (60 * 60 * 1000)

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- texts ---- */

char *revision_digest(const struct revision_place *p, const char *text, size_t bytes)
{
    unsigned char digest[DIGEST_BYTES];
    char *hex = malloc(2 * DIGEST_BYTES + 1);
    if (!hex)
        return NULL;
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, bytes,
                       (const unsigned char *)secret_text(p->key), secret_bytes(p->key));
    return sodium_bin2hex(hex, 2 * DIGEST_BYTES + 1, digest, sizeof digest);
}

struct wanted_text {
    char *text;
    size_t bytes;
    bool found, failed;
};

static int take_text(void *arg, const struct store_entry *e)
{
    struct wanted_text *w = arg;
    w->found = true;
    w->text = malloc(e->body_bytes + 1);
    w->failed = !w->text;
    if (w->text && e->body)
        memcpy(w->text, e->body, e->body_bytes);
    if (w->text)
        w->text[e->body_bytes] = '\0';
    w->bytes = e->body_bytes;
    return 0;
}

int revision_text(const struct revision_place *p, const char *digest, char **out, size_t *bytes,
                  struct koppel_error *err)
{
    struct store_entry_filter f = {.kind = TEXT_KIND, .subject = digest, .limit = 1};
    struct wanted_text w = {0};
    *out = NULL;
    if (p->store->ops->entries(p->store, &f, take_text, &w, err) != 0)
        return -1;
    *out = w.text;
    *bytes = w.bytes;
    return w.failed ? no_memory(err) : 0;
}

static int see_text(void *arg, const struct store_entry *e)
{
    (void)e;
    *(bool *)arg = true;
    return 0;
}

int revision_keep(const struct revision_place *p, const char *text, size_t bytes, char **digest,
                  struct koppel_error *err)
{
    bool there = false;
    *digest = revision_digest(p, text, bytes);
    if (!*digest)
        return no_memory(err);
    struct store_entry_filter f = {.kind = TEXT_KIND, .subject = *digest, .limit = 1};
    struct store_entry e = {.kind = TEXT_KIND, .who = "", .subject = *digest, .body = text,
                            .body_bytes = bytes};
    if (p->store->ops->entries(p->store, &f, see_text, &there, err) == 0 &&
        (there || p->store->ops->entry_add(p->store, &e, NULL, err) == 0))
        return 0;
    free(*digest);
    *digest = NULL;
    return -1;
}

/* ---- revisions ---- */

const char *revision_name(const struct revision_place *p, const char *path)
{
    size_t n = strlen(p->dir);
    return strncmp(path, p->dir, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct revision_file *)a)->path, ((const struct revision_file *)b)->path);
}

/* The files by their paths, with their texts kept; NULL and err. */
static json_t *keep_files(const struct revision_place *p, const struct revision_set *set,
                          struct koppel_error *err)
{
    json_t *files = json_array();
    qsort(set->files, (size_t)set->count, sizeof *set->files, by_path);
    for (int i = 0; i < set->count; i++) {
        const struct revision_file *f = &set->files[i];
        char *digest = NULL;
        if (revision_keep(p, f->text, f->bytes, &digest, err) != 0) {
            json_decref(files);
            return NULL;
        }
        json_t *name = json_string_nocheck(revision_name(p, f->path));
        json_array_append_new(files, json_pack("{s:o,s:s,s:I}", "path", name, "text", digest,
                                               "bytes", (json_int_t)f->bytes));
        free(digest);
    }
    return files;
}

static const json_t *file_of(const json_t *files, const char *path)
{
    size_t i;
    json_t *one;
    json_array_foreach(files, i, one) {
        if (strcmp(json_string_value(json_object_get(one, "path")), path) == 0)
            return one;
    }
    return NULL;
}

/* What `files` have that differs from `before`: rows of path and change. */
static void add_changes(json_t *out, const json_t *files, const json_t *before, bool removed)
{
    size_t i;
    json_t *one;
    json_array_foreach(files, i, one) {
        const char *path = json_string_value(json_object_get(one, "path"));
        const json_t *other = file_of(before, path);
        bool differs = other && !json_equal(json_object_get(one, "text"),
                                            json_object_get(other, "text"));
        if (!other || (differs && !removed))
            json_array_append_new(out, json_pack("{s:s,s:s}", "path", path, "change",
                                                 removed ? "removed"
                                                 : other ? "changed"
                                                         : "added"));
    }
}

static int add_revision(const struct revision_place *p, const json_t *body, const char *who,
                        int64_t *seq, struct koppel_error *err)
{
    size_t bytes = 0;
    char *text = json_text(body, true, &bytes);
    struct store_entry e = {.kind = KIND, .who = who, .body = text, .body_bytes = bytes};
    int rc = text ? p->store->ops->entry_add(p->store, &e, seq, err) : no_memory(err);
    free(text);
    return rc;
}

struct newest {
    json_t *revision;
};

static int take_newest(void *arg, json_t *revision)
{
    ((struct newest *)arg)->revision = json_incref(revision);
    return 1;
}

/* What was saved while it could not be active yet becomes so now: it is still of whoever saved
 * it. */
static void keep_origin(const json_t *newest, const json_t *files, struct revision_origin *origin)
{
    if (!newest || json_is_true(json_object_get(newest, "active")) ||
        !json_equal(json_object_get(newest, "files"), files))
        return;
    *origin = (struct revision_origin){json_string_value(json_object_get(newest, "who")),
                                       json_string_value(json_object_get(newest, "how")),
                                       json_string_value(json_object_get(newest, "why"))};
}

static int add(const struct revision_place *p, const json_t *files, const json_t *before,
               const struct conf *conf, const struct revision_origin *origin, int64_t *seq,
               struct koppel_error *err)
{
    json_t *changes = json_array();
    if (before) {
        add_changes(changes, files, before, false);
        add_changes(changes, before, files, true);
    }
    json_t *body = json_pack("{s:s,s:s*,s:b,s:O,s:o,s:o,s:o}", "how", origin->how, "why",
                             origin->why, "active", conf != NULL, "files", files, "changes",
                             changes, "flows", revision_facts_flows(conf), "cases",
                             revision_facts_cases(conf));
    int rc = body ? add_revision(p, body, origin->who, seq, err) : no_memory(err);
    json_decref(body);
    return rc;
}

int revision_put(const struct revision_place *p, const struct revision_set *set,
                 const struct conf *conf, const struct revision_origin *origin, int64_t *seq,
                 struct koppel_error *err)
{
    struct revision_origin own = *origin;
    struct newest newest = {0};
    json_t *last = NULL, *files = NULL;
    int rc = revision_get(p, 0, &last, err);
    if (rc == 0)
        rc = revision_each(p, 0, 1, take_newest, &newest, err);
    if (rc == 0)
        rc = (files = keep_files(p, set, err)) ? 0 : -1;
    const json_t *before = json_object_get(last, "files");
    if (rc == 0 && conf)
        keep_origin(newest.revision, files, &own);
    if (rc == 0 && conf && json_equal(files, before))
        *seq = json_integer_value(json_object_get(last, "revision"));
    else if (rc == 0)
        rc = add(p, files, before, conf, &own, seq, err);
    json_decref(files);
    json_decref(last);
    json_decref(newest.revision);
    return rc;
}

int revision_activated(const struct revision_place *p, const struct conf *conf,
                       const struct revision_origin *origin, int64_t *seq,
                       struct koppel_error *err)
{
    struct revision_set set = {0};
    bool changed = false;
    int64_t number = 0;
    int rc = revision_set_read(&set, conf, NULL, &changed, err);
    if (rc == 0 && changed)
        rc = err_set(err, KOPPEL_E_RETRY, "the configuration changed while it was loaded");
    if (rc == 0)
        rc = revision_put(p, &set, conf, origin, &number, err);
    revision_set_done(&set);
    if (seq)
        *seq = number;
    return rc;
}

/* ---- looking ---- */

struct looking {
    int (*visit)(void *arg, json_t *revision);
    void *arg;
    int64_t last; /* that was seen */
    int count, given;
};

static int show(void *arg, const struct store_entry *e)
{
    struct looking *l = arg;
    json_t *body = e->body ? json_read(e->body, e->body_bytes, NULL, NULL) : NULL;
    l->last = e->seq;
    l->count++;
    if (!json_is_object(body)) {
        json_decref(body);
        return 0;
    }
    json_object_set_new(body, "revision", json_integer(e->seq));
    json_object_set_new(body, "at", json_integer(e->at_ms));
    json_object_set_new(body, "who", json_string_nocheck(e->who));
    l->given = l->visit(l->arg, body);
    json_decref(body);
    return l->given;
}

int revision_each(const struct revision_place *p, int64_t before, int limit,
                  int (*visit)(void *arg, json_t *revision), void *arg, struct koppel_error *err)
{
    struct looking l = {.visit = visit, .arg = arg};
    struct store_entry_filter f = {.kind = KIND, .before = before, .limit = limit};
    int rc = p->store->ops->entries(p->store, &f, show, &l, err);
    return l.given ? 0 : rc;
}

/* Takes the one that was asked for, or the first that was active. */
struct wanted {
    int64_t seq;
    json_t *found;
    int64_t last;
};

static int take(void *arg, json_t *revision)
{
    struct wanted *w = arg;
    w->last = json_integer_value(json_object_get(revision, "revision"));
    if (w->seq > 0 ? w->last != w->seq : !json_is_true(json_object_get(revision, "active")))
        return w->seq > 0;
    w->found = json_incref(revision);
    return 1;
}

int revision_get(const struct revision_place *p, int64_t seq, json_t **out,
                 struct koppel_error *err)
{
    *out = NULL;
    if (seq == 0 && p->store->ops->published(p->store, &seq, err) != 0)
        return -1;
    struct wanted w = {.seq = seq, .last = seq > 0 ? seq + 1 : 0};
    do {
        int64_t before = w.last;
        w.last = 0;
        if (revision_each(p, before, seq > 0 ? 1 : PAGE, take, &w, err) != 0)
            return -1;
    } while (!w.found && seq == 0 && w.last > 1);
    *out = w.found;
    return 0;
}

struct version_wanted {
    const char *flow, *version;
    int64_t seq, last;
};

static int has_version(void *arg, json_t *revision)
{
    struct version_wanted *w = arg;
    const json_t *flows = json_object_get(revision, "flows");
    const char *version;
    json_t *value;
    w->last = json_integer_value(json_object_get(revision, "revision"));
    json_object_foreach((json_t *)flows, version, value) {
        if ((!w->flow || strcmp(version, w->flow) == 0) &&
            strcmp(json_string_value(value), w->version) == 0)
            w->seq = w->last;
    }
    return w->seq > 0;
}

int revision_of_version(const struct revision_place *p, const char *flow, const char *version,
                        int64_t *seq, struct koppel_error *err)
{
    struct version_wanted w = {.flow = flow, .version = version};
    do {
        int64_t before = w.last;
        w.last = 0;
        if (revision_each(p, before, PAGE, has_version, &w, err) != 0)
            return -1;
    } while (w.seq == 0 && w.last > 1);
    *seq = w.seq;
    return 0;
}

/* ---- keeping ---- */

/* What texts are for: those that revisions name, and those that are not named. */
struct sweep {
    json_t *needed; /* an object with their digests */
    json_t *gone;   /* an array */
    int64_t young_ms, last;
};

static int add_needed(void *arg, json_t *revision)
{
    struct sweep *s = arg;
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(revision, "files"), i, one)
        json_object_set_new(s->needed, json_string_value(json_object_get(one, "text")),
                            json_true());
    s->last = json_integer_value(json_object_get(revision, "revision"));
    return 0;
}

static int add_unneeded(void *arg, const struct store_entry *e)
{
    struct sweep *s = arg;
    s->last = e->seq;
    if (e->at_ms < s->young_ms && !json_object_get(s->needed, e->subject))
        json_array_append_new(s->gone, json_string(e->subject));
    return 0;
}

static int find_texts(const struct revision_place *p, struct sweep *s, struct koppel_error *err)
{
    struct store_entry_filter f = {.kind = TEXT_KIND, .limit = PAGE};
    do {
        int64_t before = s->last;
        s->last = 0;
        if (revision_each(p, before, PAGE, add_needed, s, err) != 0)
            return -1;
    } while (s->last > 1);
    s->last = 0;
    do {
        f.before = s->last;
        s->last = 0;
        if (p->store->ops->entries(p->store, &f, add_unneeded, s, err) != 0)
            return -1;
    } while (s->last > 1);
    return 0;
}

/* Texts that no revision names. */
static int drop_texts(const struct revision_place *p, struct koppel_error *err)
{
    struct store *store = p->store;
    struct sweep s = {.needed = json_object(), .gone = json_array(),
                      .young_ms = store->ops->now_ms(store) - YOUNG_MS};
    int rc = find_texts(p, &s, err);
    size_t i;
    json_t *one;
    json_array_foreach(s.gone, i, one) {
        if (rc == 0)
            rc = store->ops->entry_forget(store, TEXT_KIND, json_string_value(one), err);
    }
    json_decref(s.needed);
    json_decref(s.gone);
    return rc;
}

/* What is needed: from the last that was active, or what is published. */
struct newer {
    int64_t count, published;
    bool active;
};

static int count_newer(void *arg, json_t *revision)
{
    struct newer *n = arg;
    n->count++;
    n->active = n->active || json_is_true(json_object_get(revision, "active"));
    return n->active && (n->published == 0 ||
                         json_integer_value(json_object_get(revision, "revision")) <= n->published);
}

int revision_drop(struct store *store, int64_t before_ms, int64_t kept, int *count,
                  struct koppel_error *err)
{
    struct revision_place p = {.store = store};
    struct newer newer = {0};
    int dropped = 0;
    *count = 0;
    if (store->ops->published(store, &newer.published, err) != 0 ||
        revision_each(&p, 0, INT32_MAX, count_newer, &newer, err) != 0)
        return -1;
    int64_t keep = newer.count;
    do {
        if (store->ops->entry_drop(store, KIND, before_ms, keep > kept ? keep : kept, PAGE,
                                   &dropped, err) != 0)
            return -1;
        *count += dropped;
    } while (dropped == PAGE);
    return *count > 0 ? drop_texts(&p, err) : 0;
}
