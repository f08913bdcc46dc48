/* SPDX-License-Identifier: MIT
 * Changes of the configuration by order. */
#include "service/configs_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_edit.h"
#include "config/conf_edit_value.h"
#include "config/conf_edit_where.h"
#include "service/ask.h"
#include "service/revision_disk.h"
#include "service/save.h"
#include "service/save_may.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static struct revision_place place_of(const struct service *s)
{
    return (struct revision_place){s->store, s->conf->key, s->dir};
}

/* What the asker got wrong is no mistake of the configuration. */
static int wrong(struct koppel_error *err)
{
    if (err->kind == KOPPEL_E_CONFIG && !err->reason[0])
        snprintf(err->reason, sizeof err->reason, SERVICE_WRONG);
    return -1;
}

/* Under the lock, with what a crash left over finished. */
static int begin(struct service *s, int *lock, struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    bool wrote;
    if (save_lock(s, lock, err) != 0)
        return -1;
    if (save_recover(&p, s->conf->store_path, &wrote, err) == 0)
        return 0;
    save_unlock(*lock);
    return -1;
}

int configs_edit_locked(struct service *s, const struct service_ask *ask,
                        int (*edit)(struct service *s, const struct service_ask *ask, json_t **out,
                                    struct koppel_error *err),
                        json_t **out, struct koppel_error *err)
{
    int lock;
    if (begin(s, &lock, err) != 0)
        return -1;
    int rc = edit(s, ask, out, err);
    save_unlock(lock);
    return rc;
}

/* May be empty. */
static const char *value_of(const struct service_ask *ask)
{
    return json_string_value(json_object_get(ask->in, "value"));
}

/* ---- a setting ---- */

int configs_edit_save(struct service *s, const struct service_ask *ask,
                      const struct conf_edit_files *files, json_t **out, struct koppel_error *err)
{
    struct save_file *changed = calloc((size_t)files->count + 1, sizeof *changed);
    struct save_order order = {.files = changed, .how = ask->who->via,
                               .why = ask_text(ask, "why")};
    if (!changed)
        return no_memory(err);
    for (int i = 0; i < files->count; i++) {
        const struct conf_edit_file *f = files->items[i];
        if (f->bytes == f->was_bytes && memcmp(f->text, f->was, f->bytes) == 0)
            continue;
        changed[order.count++] =
            (struct save_file){f->path, f->was, f->was_bytes, f->text, f->bytes};
    }
    int rc = ask_flag(ask, "plan") ? save_try(s, &order, out, err)
                                   : save_files(s, ask, &order, out, err);
    free(changed);
    return rc;
}

static int edit(struct service *s, const struct service_ask *ask, bool swapped, json_t **out,
                struct koppel_error *err)
{
    struct conf_edit_files files = {.dir = s->dir};
    struct conf_edit_order order = {.value = value_of(ask), .to = (int)ask_number(ask, "to"),
                                    .swapped = swapped};
    char *file = NULL;
    order.kind = ask_flag(ask, "unset")    ? CONF_EDIT_UNSET
                 : ask_flag(ask, "insert") ? CONF_EDIT_INSERT
                 : ask_flag(ask, "move")   ? CONF_EDIT_MOVE
                                           : CONF_EDIT_SET;
    int rc = 0;
    if (!order.value && (order.kind == CONF_EDIT_SET || order.kind == CONF_EDIT_INSERT))
        rc = err_reason(err, KOPPEL_E_CONFIG, SERVICE_WRONG, "the value is missing");
    if (rc == 0)
        rc = conf_edit_where(&files, ask_text(ask, "path"), &file, &order.path, err);
    order.file = file;
    if (rc == 0)
        rc = conf_edit(&files, &order, err);
    rc = rc == 0 ? configs_edit_save(s, ask, &files, out, err) : wrong(err);
    conf_edit_files_done(&files);
    free(file);
    return rc;
}

/* A person types 1042 for a number and for a text of digits alike; which of them it is to be is
 * known to the check alone. */
static int edit_either(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    struct koppel_error ignored = {0};
    json_t *other = NULL;
    if (edit(s, ask, false, out, err) != 0)
        return -1;
    const char *value = value_of(ask);
    if (json_is_true(json_object_get(*out, "saved")) || json_object_get(*out, "refused") ||
        !value || !conf_edit_value_plain(value))
        return 0;
    if (edit(s, ask, true, &other, &ignored) == 0 &&
        json_is_true(json_object_get(other, "saved"))) {
        json_decref(*out);
        *out = other;
    } else {
        json_decref(other);
    }
    return 0;
}

int configs_edit_set(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err)
{
    return configs_edit_locked(s, ask, edit_either, out, err);
}

/* ---- a row of a table ---- */

/* The table's file; NULL and err. */
static struct conf_edit_file *sheet_of(struct service *s, const struct service_ask *ask,
                                       struct conf_edit_files *files, struct conf_edit_table *table,
                                       struct koppel_error *err)
{
    *files = (struct conf_edit_files){.dir = s->dir};
    if (conf_edit_where_table(files, ask_text(ask, "table"), table, err) != 0) {
        (void)wrong(err);
        return NULL;
    }
    return conf_edit_files_get(files, table->file, err);
}

int configs_edit_rows(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    struct conf_edit_files files;
    struct conf_edit_table table = {0};
    struct conf_edit_file *sheet = sheet_of(s, ask, &files, &table, err);
    json_t *rows = sheet ? conf_csv_edit_rows(sheet->text, &table.shape, err) : NULL;
    char *refused = NULL;
    if (rows && save_may(s, table.file, &refused, err) == 0)
        *out = json_pack("{s:s,s:o,s:O,s:o}", "table", ask_text(ask, "table"), "file",
                         json_string_nocheck(conf_edit_files_name(&files, table.file)), "rows",
                         rows, "refused", ask_json_text(refused));
    free(refused);
    json_decref(rows);
    conf_edit_where_done(&table);
    conf_edit_files_done(&files);
    return *out ? 0 : -1;
}

static int edit_table(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    const char *what = ask_text(ask, "do");
    struct conf_edit_files files;
    struct conf_edit_table table = {0};
    struct conf_csv_edit_order order = {
        .kind = strcmp(what, "add") == 0   ? CONF_CSV_EDIT_ADD
                : strcmp(what, "set") == 0 ? CONF_CSV_EDIT_SET
                                           : CONF_CSV_EDIT_REMOVE,
        .key = ask_text(ask, "key"),
        .value = value_of(ask)};
    if (order.kind != CONF_CSV_EDIT_REMOVE && !order.value)
        return err_reason(err, KOPPEL_E_CONFIG, SERVICE_WRONG, "the value is missing");
    struct conf_edit_file *sheet = sheet_of(s, ask, &files, &table, err);
    char *text = sheet ? conf_csv_edit(sheet->text, &table.shape, &order, err) : NULL;
    int rc = text ? 0 : wrong(err);
    if (rc == 0) {
        conf_edit_files_put(sheet, text, strlen(text));
        rc = configs_edit_save(s, ask, &files, out, err);
    }
    conf_edit_where_done(&table);
    conf_edit_files_done(&files);
    return rc;
}

int configs_edit_table(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    static const char *const words[] = {"add", "set", "remove"};
    const char *what = ask_text(ask, "do");
    if (strcmp(what, "add") != 0 && strcmp(what, "set") != 0 && strcmp(what, "remove") != 0)
        return ask_unknown("order", what, "koppel table", words, 3, err);
    return configs_edit_locked(s, ask, edit_table, out, err);
}

/* ---- an older revision ---- */

struct going_back {
    struct save_file *files;
    int count;
    const struct revision_place *p;
    struct koppel_error *err;
};

static char *copy(const char *text, size_t bytes)
{
    char *out = text ? malloc(bytes + 1) : NULL;
    if (out)
        memcpy(out, text, bytes);
    if (out)
        out[bytes] = '\0';
    return out;
}

/* What is outside of the directory is not ours to change. */
static int add_file(void *arg, const struct revision_other *o)
{
    struct going_back *g = arg;
    if (*revision_name(g->p, o->path) == '/')
        return 0;
    struct save_file *more = realloc(g->files, sizeof *more * ((size_t)g->count + 1));
    if (!more)
        return no_memory(g->err);
    g->files = more;
    struct save_file *f = &more[g->count++];
    *f = (struct save_file){strdup(o->path), copy(o->disk, o->disk_bytes), o->disk_bytes,
                            copy(o->kept, o->kept_bytes), o->kept_bytes};
    return f->path && !f->was == !o->disk && !f->now == !o->kept ? 0 : no_memory(g->err);
}

static int go_back(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct revision_place p = place_of(s);
    struct going_back g = {.p = &p, .err = err};
    struct revision_origin found = {ask->who->name, "hand", "as it stood before a rollback"};
    int64_t seq = ask_number(ask, "revision");
    json_t *revision = NULL;
    int rc = revision_get(&p, seq > 0 ? seq : 0, &revision, err);
    if (rc == 0 && (seq <= 0 || !revision))
        rc = err_reason(err, KOPPEL_E_CONFIG, SERVICE_UNKNOWN,
                        "there is no revision %lld; koppel config log lists them", (long long)seq);
    if (rc == 0)
        rc = revision_disk_keep(&p, &found, err);
    if (rc == 0)
        rc = revision_disk_each(&p, revision, NULL, add_file, &g, err);
    if (rc == 0) {
        struct save_order order = {.files = g.files, .count = g.count, .how = "rollback",
                                   .why = ask_text(ask, "why")};
        rc = save_files(s, ask, &order, out, err);
    }
    for (int i = 0; i < g.count; i++) {
        free((char *)g.files[i].path);
        free((char *)g.files[i].was);
        free((char *)g.files[i].now);
    }
    free(g.files);
    json_decref(revision);
    return rc;
}

int configs_edit_rollback(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err)
{
    int lock;
    if (begin(s, &lock, err) != 0)
        return -1;
    int rc = go_back(s, ask, out, err);
    save_unlock(lock);
    return rc;
}
