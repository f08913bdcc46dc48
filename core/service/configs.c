/* SPDX-License-Identifier: MIT
 * Questions about the configuration and its history. */
#include "service/configs.h"

#include <stdlib.h>
#include <string.h>

#include "service/ask.h"
#include "service/lifecycle.h"
#include "service/revision_disk.h"
#include "service/save_hidden.h"

#define LOG_LIMIT 20

static struct revision_place place_of(const struct service *s)
{
    return (struct revision_place){s->store, s->conf->key, s->dir};
}

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- log ---- */

static int add_row(void *arg, json_t *revision)
{
    json_object_set_new(revision, "count", json_integer((json_int_t)json_array_size(
                                               json_object_get(revision, "files"))));
    json_object_del(revision, "files");
    json_object_del(revision, "flows");
    return json_array_append(arg, revision);
}

int configs_log(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    int64_t limit = ask_number(ask, "limit"), before = ask_number(ask, "before");
    json_t *rows = json_array();
    if (revision_each(&p, before > 0 ? before : 0, limit > 0 ? (int)limit : LOG_LIMIT, add_row,
                      rows, err) != 0) {
        json_decref(rows);
        return -1;
    }
    *out = json_pack("{s:o}", "revisions", rows);
    return *out ? 0 : no_memory(err);
}

/* ---- one ---- */

static int unknown_revision(int64_t seq, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, SERVICE_UNKNOWN,
                      "there is no revision %lld; koppel config log lists them", (long long)seq);
}

static json_t *revision_of(const struct revision_place *p, int64_t seq, struct koppel_error *err)
{
    json_t *found = NULL;
    if (seq == 0)
        (void)unknown_revision(seq, err);
    else if (revision_get(p, seq, &found, err) == 0 && !found)
        (void)unknown_revision(seq, err);
    return found;
}

/* The digest of a file in a revision; NULL and err: it has none of that name. */
static const char *digest_of(const struct revision_place *p, const json_t *revision,
                             const char *file, struct koppel_error *err)
{
    const json_t *files = json_object_get(revision, "files");
    const char **names = calloc(json_array_size(files) + 1, sizeof *names);
    const char *digest = NULL, *wanted = revision_name(p, file);
    size_t i;
    json_t *one;
    json_array_foreach(files, i, one) {
        const char *path = json_string_value(json_object_get(one, "path"));
        if (strcmp(path, wanted) == 0)
            digest = json_string_value(json_object_get(one, "text"));
        if (names)
            names[i] = path;
    }
    if (!digest)
        (void)ask_unknown("file", wanted, "this revision", names,
                          names ? (int)json_array_size(files) : 0, err);
    free(names);
    return digest;
}

/* The text of a file as it may be shown; "" where the revision does not have it. */
static int shown_text(struct service *s, const json_t *revision, const char *file, char **out,
                      struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    const char *digest = digest_of(&p, revision, file, err);
    char *text = NULL;
    size_t bytes;
    if (!digest || revision_text(&p, digest, &text, &bytes, err) != 0)
        return -1;
    if (!text)
        return err_set(err, KOPPEL_E_CONFIG, "the text of %s is not kept any more", file);
    *out = save_hidden_text(&p, s->plugins, text);
    free(text);
    return *out ? 0 : no_memory(err);
}

int configs_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    const char *version = ask_text(ask, "version"), *file = ask_text(ask, "file");
    int64_t seq = ask_number(ask, "revision");
    char *text = NULL;
    if (version && revision_of_version(&p, NULL, version, &seq, err) != 0)
        return -1;
    if (version && seq <= 0)
        return err_reason(err, KOPPEL_E_CONFIG, SERVICE_UNKNOWN,
                          "no revision is known in which a flow had version %s", version);
    *out = revision_of(&p, seq > 0 ? seq : 0, err);
    if (!*out)
        return -1;
    if (!file)
        return 0;
    if (shown_text(s, *out, file, &text, err) != 0) {
        json_decref(*out);
        *out = NULL;
        return -1;
    }
    json_object_set_new(*out, "text", json_string_nocheck(text));
    free(text);
    return 0;
}

/* ---- differences ---- */

struct differing {
    struct service *s;
    const char *file; /* NULL: all */
    json_t *out;
};

static int add_diff(struct differing *d, const char *path, const char *old, const char *new)
{
    struct revision_place p = place_of(d->s);
    const char *name = revision_name(&p, path);
    if (d->file && strcmp(name, revision_name(&p, d->file)) != 0)
        return 0;
    char *diff = save_hidden_diff(&p, d->s->plugins, path, old, new);
    int rc = json_array_append_new(
        d->out, json_pack("{s:o,s:s,s:o}", "path", json_string_nocheck(name), "change",
                          !old ? "added" : !new ? "removed" : "changed", "diff",
                          json_string_nocheck(diff ? diff : "")));
    free(diff);
    return rc;
}

static int add_other(void *arg, const struct revision_other *o)
{
    return add_diff(arg, o->path, o->kept, o->disk);
}

static const char *text_digest(const json_t *revision, const char *path)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(revision, "files"), i, one) {
        if (strcmp(json_string_value(json_object_get(one, "path")), path) == 0)
            return json_string_value(json_object_get(one, "text"));
    }
    return NULL;
}

static int diff_two(struct differing *d, const char *path, const char *old, const char *new,
                    struct koppel_error *err)
{
    struct revision_place p = place_of(d->s);
    char *a = NULL, *b = NULL;
    size_t bytes;
    if (old && new && strcmp(old, new) == 0)
        return 0;
    int rc = old ? revision_text(&p, old, &a, &bytes, err) : 0;
    if (rc == 0 && new)
        rc = revision_text(&p, new, &b, &bytes, err);
    if (rc == 0 && ((old && !a) || (new && !b)))
        rc = err_set(err, KOPPEL_E_CONFIG, "the text of %s is not kept any more", path);
    if (rc == 0)
        rc = add_diff(d, path, a, b);
    free(a);
    free(b);
    return rc;
}

static int diff_revisions(struct differing *d, const json_t *from, const json_t *to,
                          struct koppel_error *err)
{
    size_t i;
    json_t *one;
    int rc = 0;
    json_array_foreach(json_object_get(from, "files"), i, one) {
        const char *path = json_string_value(json_object_get(one, "path"));
        if (rc == 0)
            rc = diff_two(d, path, text_digest(from, path), text_digest(to, path), err);
    }
    json_array_foreach(json_object_get(to, "files"), i, one) {
        const char *path = json_string_value(json_object_get(one, "path"));
        if (rc == 0 && !text_digest(from, path))
            rc = diff_two(d, path, NULL, text_digest(to, path), err);
    }
    return rc;
}

int configs_diff(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    struct differing d = {.s = s, .file = ask_text(ask, "file"), .out = json_array()};
    struct conf_source disk = {.disk = true};
    int64_t to = ask_number(ask, "to");
    json_t *a = revision_of(&p, ask_number(ask, "from"), err), *b = NULL;
    int rc = a ? 0 : -1;
    if (rc == 0 && to > 0) {
        b = revision_of(&p, to, err);
        rc = b ? diff_revisions(&d, a, b, err) : -1;
    } else if (rc == 0) {
        rc = revision_disk_each(&p, a, &disk, add_other, &d, err);
    }
    json_decref(a);
    json_decref(b);
    if (rc == 0)
        *out = json_pack("{s:O}", "files", d.out);
    json_decref(d.out);
    return rc;
}

/* ---- status ---- */

int configs_status(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    struct conf_report report = {0};
    struct differing d = {.s = s, .out = json_array()};
    json_t *active = NULL, *mistakes = json_array();
    (void)ask;
    int rc = revision_get(&p, 0, &active, err);
    if (rc == 0 && active)
        rc = revision_disk_each(&p, active, NULL, add_other, &d, err);
    if (rc == 0) {
        conf_free(lifecycle_load(s->dir, NULL, s->plugins, &report));
        for (int i = 0; i < report.count; i++)
            json_array_append_new(mistakes, conf_report_json(&report.items[i]));
        json_object_del(active, "files");
        json_object_del(active, "flows");
        *out = json_pack("{s:O?,s:b,s:O,s:O,s:i}", "revision", active, "safe",
                         s->serves && !s->whole, "files", d.out, "mistakes",
                         mistakes, "errors", report.errors);
    }
    conf_report_done(&report);
    json_decref(active);
    json_decref(mistakes);
    json_decref(d.out);
    return rc;
}
